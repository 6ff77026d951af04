//! Short lists without an allocation, which would take longer than a small call does.

use std::ops::{Deref, DerefMut};

/// How many entries need no allocation: as many axes as nearly every ellipsis has.
const INLINE: usize = 6;

/// A list whose length is known when it is made, on the stack where it is short.
#[derive(Debug, Clone)]
pub struct Few<T> {
    inline: [T; INLINE],
    /// All entries, where there are more than [`INLINE`], else none.
    many: Vec<T>,
    /// How many of the entries count.
    len: usize,
}

impl<T: Copy> Few<T> {
    /// A number of equal entries.
    #[inline]
    pub(crate) fn filled(value: T, len: usize) -> Self {
        let many = if len > INLINE { vec![value; len] } else { Vec::new() };
        Self { inline: [value; INLINE], many, len }
    }

    /// Without the entries from `len` on.
    #[inline]
    pub(crate) fn truncated(self, len: usize) -> Self {
        Self { len: self.len.min(len), ..self }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        let entries: &[T] = if self.many.is_empty() { &self.inline } else { &self.many };
        &entries[..self.len]
    }
}

impl<T> DerefMut for Few<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        let entries: &mut [T] = if self.many.is_empty() { &mut self.inline } else { &mut self.many };
        &mut entries[..self.len]
    }
}

impl<T: PartialEq> PartialEq for Few<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Few<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_lists_are_lists() {
        for len in 0..20 {
            let mut few = Few::filled(7, len);
            few.iter_mut().enumerate().for_each(|(n, entry)| *entry += n);
            assert_eq!(*few, (7..7 + len).collect::<Vec<_>>());
            for shorter in 0..len + 2 {
                assert_eq!(*few.clone().truncated(shorter), few[..shorter.min(len)], "{shorter} of {len}");
            }
        }
    }
}
