//! Control characters in cells of any format.

use std::ops::Range;

use crate::exchange::fault::{CONTROL, Refusal};
use crate::exchange::place::CellPlace;

/// Returns the first control character but tab and line ends, in UTF-8.
pub(super) fn control_character(bytes: &[u8]) -> Option<Range<usize>> {
    crate::load::control_character(bytes)
}

/// Makes the refusal of a control character, given by its bytes in UTF-8.
pub(super) fn control(bytes: &[u8], place: CellPlace) -> Refusal {
    // Those of C1 have the byte C2 before what they are.
    let code = bytes.last().copied().map_or(0, u32::from);
    let message = if code == 0 {
        "NUL bytes, as a crash or a full disk leaves them in place of text".to_owned()
    } else {
        format!("control character U+{code:04X} in the text")
    };
    Refusal::new(CONTROL, message, place).help("delete it")
}
