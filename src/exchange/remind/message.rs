//! A digest as mail (RFC 5322).

use chrono::{DateTime, FixedOffset};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;

use super::Digest;
use crate::source::short_hash;

/// Somebody's address, with the name that stands before it.
#[derive(Clone, Debug)]
pub(crate) struct Address<'a> {
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
}

/// Tells whether a text is an address that mail can be sent to: one `@`, and nothing that a header
/// gives a meaning.
pub(crate) fn is_address(text: &str) -> bool {
    let mut parts = text.split('@');
    let is_odd = |it: char| it.is_whitespace() || it.is_control() || "<>()[],;:\\\"".contains(it);
    let (Some(user), Some(host), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    !user.is_empty() && !host.is_empty() && !text.contains(is_odd)
}

/// Writes a digest, with the rest of its text, as a message of a moment.
pub(crate) fn message(
    digest: &Digest<'_>,
    text: &str,
    from: &Address<'_>,
    to: &Address<'_>,
    sent: DateTime<FixedOffset>,
) -> Vec<u8> {
    let id = short_hash(&format!("{}\n{}\n{text}", digest.day, digest.person));
    let pair = |it: &Address<'_>| (it.name.to_owned(), it.email.to_owned());
    let mut bytes = Vec::new();
    let builder = MessageBuilder::new()
        .header("Date", Raw::new(sent.to_rfc2822()))
        .from(pair(from))
        .to(pair(to))
        .subject(digest.subject())
        .message_id(format!("{id}@guanxi"))
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .text_body(text);
    builder
        .write_to(&mut bytes)
        .expect("a message fits into memory");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_at_and_no_header_in_them() {
        for right in ["li.wei@firm.example", "a+b@x", "王@例子.cn"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "li",
            "@x",
            "a@",
            "a@b@c",
            "a b@x",
            "a@x\nBcc: c@y",
            "<a@x>",
            "a@x,b@y",
            "a@x;",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
