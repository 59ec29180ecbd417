//! The XML of a workbook's parts, piece by piece, none of which can fill the memory.

use std::borrow::Cow;
use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::archive::{Limited, TOO_MUCH, damaged, too_large};
use crate::exchange::options::SourceFile;
use crate::exchange::table::Unread;

pub(super) type PartReader<R> = Reader<BufReader<Limited<R>>>;

/// Reads the XML of a part.
pub(super) fn reader<R: Read>(part: BufReader<Limited<R>>) -> PartReader<R> {
    let mut xml = Reader::from_reader(part);
    let config = xml.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    xml
}

/// Returns the next piece of a part.
pub(super) fn next<'b, R: Read>(
    source: &SourceFile,
    part: &str,
    xml: &mut PartReader<R>,
    buffer: &'b mut Vec<u8>,
) -> Result<Event<'b>, Unread> {
    buffer.clear();
    xml.get_mut().get_mut().allow();
    xml.read_event_into(buffer).map_err(|error| match &error {
        quick_xml::Error::Io(io) if io.to_string() == TOO_MUCH => too_large(source, part),
        other => damaged(source, other),
    })
}

/// Returns an attribute by its name without namespace.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|it| it.key.local_name().as_ref() == name)?;
    found
        .normalized_value(XmlVersion::Implicit1_0)
        .ok()
        .map(Cow::into_owned)
}
