//! `guanxi merge-driver`: two versions of a file made one.

mod clones;
mod customers;
mod laws;
mod logs;
mod page;
