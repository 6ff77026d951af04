//! Window views.
