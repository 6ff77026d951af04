//! Every name that an expansion declares.
//!
//! All have [`Span::mixed_site`], so variables are invisible to the user's expressions. Patterns, though, also
//! look for constants at the call site, hence the underscores: a user's `const i` is not a pattern here.

use proc_macro2::{Ident, Span};

/// A name that means what it says.
pub fn name(text: &str) -> Ident {
    Ident::new(&format!("__{text}"), Span::mixed_site())
}

/// A numbered name.
pub fn numbered(text: &str, number: usize) -> Ident {
    name(&format!("{text}{number}"))
}

/// The loop variable of a label.
pub fn index(label: char, id: usize) -> Ident {
    label_name("", label, id)
}

/// The extent of a label.
pub fn extent(label: char, id: usize) -> Ident {
    label_name("n_", label, id)
}

/// Letters beyond ASCII go by number: not every letter may stand in an identifier.
fn label_name(prefix: &str, label: char, id: usize) -> Ident {
    if label.is_ascii() { name(&format!("{prefix}{label}")) } else { numbered(&format!("{prefix}label"), id) }
}
