//! Control characters in cells of any format.

use std::ops::Range;

use crate::exchange::fault::{CONTROL, SourceFault};
use crate::exchange::place::CellPlace;
use crate::words::{Phrase, both};

/// Returns the first control character but tab and line ends, in UTF-8.
pub(super) fn control_character(bytes: &[u8]) -> Option<Range<usize>> {
    crate::load::control_character(bytes)
}

/// Makes the refusal of a control character, given by its bytes in UTF-8.
pub(super) fn control(bytes: &[u8], place: CellPlace) -> SourceFault {
    // Those of C1 have the byte C2 before what they are.
    let code = bytes.last().copied().map_or(0, u32::from);
    let message = if code == 0 {
        Phrase(
            "NUL bytes, as a crash or a full disk leaves them in place of text",
            "文本的位置上是 NUL 字节，死机或磁盘写满会留下这种痕迹",
        )
        .into()
    } else {
        both!(
            "control character U+{code:04X} in the text",
            "文本里有控制字符 U+{code:04X}"
        )
    };
    SourceFault::new(CONTROL, message, place).help(Phrase("delete it", "删除它"))
}
