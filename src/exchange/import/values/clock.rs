//! Times of a day as people write them, and how far a place is ahead of Greenwich.

use crate::exchange::cell::trimmed;

/// Reads a time of a day, all of the text, and how many minutes it is ahead of Greenwich, if it says so.
pub(super) fn clock_of(text: &str) -> Option<(u16, Option<i32>)> {
    let (text, offset) = match offset_at_end(text) {
        Some((text, offset)) => (text, Some(offset)),
        None => (text, None),
    };
    Some((clock(text)?, offset))
}

/// Reads `H:MM[:SS[.f]]`, or with a half of the day before or behind.
pub(super) fn clock(text: &str) -> Option<u16> {
    const HALVES: [(&str, bool); 4] =
        [("上午", false), ("下午", true), ("am", false), ("pm", true)];
    let text = text.to_lowercase();
    let mut rest = trimmed(&text);
    let mut half = None;
    for (name, is_later) in HALVES {
        let before = rest.strip_prefix(name);
        if let Some(found) = before.or_else(|| rest.strip_suffix(name)) {
            half = Some(is_later);
            rest = trimmed(found);
            break;
        }
    }
    let (hour, rest) = number(rest, 1, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2, 2)?;
    if !rest.is_empty() {
        let (second, rest) = number(rest.strip_prefix(':')?, 2, 2)?;
        let is_fraction = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if second > 59 || !rest.is_empty() && !rest.strip_prefix('.').is_some_and(is_fraction) {
            return None;
        }
    }
    let hour = match half {
        None => hour,
        Some(is_later) if (1..=12).contains(&hour) => hour % 12 + if is_later { 12 } else { 0 },
        Some(_) => return None,
    };
    let is_one = hour < 24 && minute < 60;
    is_one.then(|| u16::try_from(hour * 60 + minute).expect("a day has 1440 minutes"))
}

/// Reads `HHMMSS`.
pub(super) fn compact_clock(text: &str) -> Option<u16> {
    let number = |from: usize| text.get(from..from + 2)?.parse::<u16>().ok();
    let (hour, minute, second) = (number(0)?, number(2)?, number(4)?);
    (text.len() == 6 && hour < 24 && minute < 60 && second < 60).then_some(hour * 60 + minute)
}

/// Takes `Z` or `+08:00` off the end of a time.
fn offset_at_end(text: &str) -> Option<(&str, i32)> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some((trimmed(time), 0));
    }
    let at = text.rfind(['+', '-'])?;
    let (time, offset) = text.split_at_checked(at)?;
    Some((trimmed(time), offset_of(offset)?))
}

/// Reads `+8`, `+08:00`, `-0530`.
fn offset_of(text: &str) -> Option<i32> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match text.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if text.len() == 4 => text.split_at_checked(2)?,
        None => (text, "00"),
    };
    let (hours, rest) = number(hours, 1, 2)?;
    let (minutes, behind) = number(minutes, 2, 2)?;
    let is_one = rest.is_empty() && behind.is_empty() && hours <= 14 && minutes < 60;
    is_one.then(|| i32::try_from(hours * 60 + minutes).map(|it| sign * it).ok())?
}

/// Returns how many minutes ahead of Greenwich a word such as `utc+8` says that it is here.
pub(super) fn zone_of(word: &str) -> Option<i32> {
    offset_of(
        word.strip_prefix("utc")
            .or_else(|| word.strip_prefix("UTC"))?,
    )
}

/// Takes a number of so many digits off the front of a text.
pub(super) fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(end)?;
    let number = digits.parse().ok()?;
    (least..=most).contains(&end).then_some((number, rest))
}
