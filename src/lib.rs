//! guanxi: a plain-text CRM.

pub mod demo;
