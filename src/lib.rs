//! guanxi: a plain-text CRM.

pub mod edit;
pub mod folder;
