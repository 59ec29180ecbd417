//! guanxi: a plain-text CRM.

pub mod customer_base;
