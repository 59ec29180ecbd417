//! guanxi: a plain-text CRM.
