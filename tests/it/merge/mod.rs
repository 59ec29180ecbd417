//! `guanxi merge-driver`: two versions of a file made one.

mod customers;
mod laws;
mod logs;
