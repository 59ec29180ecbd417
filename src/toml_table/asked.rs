//! The keys that a table was asked for.

/// The keys that were asked for, in that order.
///
/// There is room for as many as a customer has, so that a table of one takes no memory of its own.
#[derive(Debug, Default)]
pub(super) struct AskedKeys<'t> {
    first: [&'t str; 32],
    count: usize,
    others: Vec<&'t str>,
}

impl<'t> AskedKeys<'t> {
    /// Adds a key.
    #[inline]
    pub(super) fn push(&mut self, key: &'t str) {
        match self.first.get_mut(self.count) {
            Some(place) => {
                *place = key;
                self.count += 1;
            }
            None => self.others.push(key),
        }
    }

    /// Returns the keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'t str> {
        let first = self.first.iter().take(self.count);
        first.chain(&self.others).copied()
    }
}
