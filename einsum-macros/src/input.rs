//! Tokens to target, subscripts and operands.
//!
//! ```text
//! input  := "[" path "]" [ target ("=" | "+=" | "-=") ] subscripts ("," operand)* [","] [ ";" extent* ]
//! extent := label "=" expression [","]
//! ```
//!
//! The path, which the door of the crate adds, leads to that crate.

use proc_macro2::{Delimiter, Ident, LineColumn, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::token::Brace;
use syn::{BinOp, Error, Expr, ExprBinary, ExprLit, Lit, LitStr, Result, Token, bracketed};

/// One call of a macro.
pub struct Input {
    /// The path to the crate of the door.
    pub krate: TokenStream,
    /// Where an in-place form writes.
    pub target: Option<Target>,
    /// The subscripts.
    pub subscripts: LitStr,
    /// The operands.
    pub operands: Vec<Expr>,
    /// Extents of labels.
    pub extents: Vec<Extent>,
}

/// One call of the macro for gradients.
///
/// ```text
/// gradients := "[" path "]" [ targets ("=" | "+=" | "-=") ] subscripts ("," ["const"] operand)* [","] ";" gradient [ ";" extent* ]
/// targets   := "(" target ("," target)* ")" | target
/// ```
pub struct Gradients {
    /// The call whose gradients these are; without a target.
    pub einsum: Input,
    /// Whether the gradient of each operand is asked for.
    pub wanted: Vec<bool>,
    /// The gradient of the result.
    pub gradient: Expr,
    /// Where gradients are written.
    pub targets: Option<Targets>,
}

/// The left-hand side of an in-place form for gradients.
pub struct Targets {
    /// An array for each gradient.
    pub places: Vec<Expr>,
    /// What happens to them.
    pub assignment: Assignment,
}

/// `i = 3` behind the operands.
pub struct Extent {
    /// The label.
    pub label: char,
    /// Where it stands.
    pub span: Span,
    /// How many values it has.
    pub value: Expr,
}

/// The left-hand side of an in-place form.
pub struct Target {
    /// The array.
    pub place: Expr,
    /// What happens to it.
    pub assignment: Assignment,
}

/// `=`, `+=` or `-=`.
#[derive(Clone, Copy)]
pub enum Assignment {
    /// `=`
    Assign,
    /// `+=`
    Add,
    /// `-=`
    Subtract,
}

impl Parse for Input {
    fn parse(input: ParseStream) -> Result<Self> {
        let (krate, target, subscripts) = beginning(input)?;
        let operands = operands(input)?;
        let extents =
            if input.parse::<Option<Token![;]>>()?.is_some() { extents(input)? } else { Vec::new() };
        Ok(Self { krate, target, subscripts, operands, extents })
    }
}

impl Parse for Gradients {
    fn parse(input: ParseStream) -> Result<Self> {
        let (krate, target, subscripts) = beginning(input)?;
        let mut wanted = Vec::new();
        let operands = items(input, |input| {
            let is_constant = is_constant(input);
            if is_constant {
                input.parse::<Token![const]>()?;
            }
            wanted.push(!is_constant);
            operand(input)
        })?;
        if input.parse::<Option<Token![;]>>()?.is_none() || input.is_empty() {
            let message = "expected the gradient of the result behind the operands, as in `a, b; dc`";
            return Err(Error::new(Span::call_site(), message));
        }
        let gradient = input.parse()?;
        let extents =
            if input.parse::<Option<Token![;]>>()?.is_some() { extents(input)? } else { Vec::new() };
        if !input.is_empty() {
            return Err(input.error("expected a semicolon and extents, or nothing, behind the gradient"));
        }
        let einsum = Input { krate, target: None, subscripts, operands, extents };
        let targets = target.map(|target| targets(target, &wanted)).transpose()?;
        if !wanted.contains(&true) && !wanted.is_empty() {
            return Err(Error::new(
                Span::call_site(),
                "every operand is `const`: there is no gradient to compute",
            ));
        }
        Ok(Self { einsum, wanted, gradient, targets })
    }
}

/// Takes the targets of gradients apart: one for each that is wanted.
fn targets(target: Target, wanted: &[bool]) -> Result<Targets> {
    let Target { place, assignment } = target;
    let span = place.span();
    let places: Vec<Expr> = match place {
        Expr::Tuple(tuple) => tuple.elems.into_iter().collect(),
        Expr::Paren(paren) => vec![*paren.expr],
        place => vec![place],
    };
    let count = wanted.iter().filter(|&&wanted| wanted).count();
    if places.len() != count {
        let plural = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
        let (count, places) = (plural(count, "gradient"), plural(places.len(), "target"));
        let message = format!("{places} for {count}; `const` before an operand leaves its gradient out");
        return Err(Error::new(span, message));
    }
    Ok(Targets { places, assignment })
}

/// The path, the target and the subscripts, and the comma behind these.
fn beginning(input: ParseStream) -> Result<(TokenStream, Option<Target>, LitStr)> {
    let path;
    bracketed!(path in input);
    let krate = path.parse()?;
    if input.is_empty() {
        let message = "expected subscripts and operands, as in `\"ij,jk->ik\", a, b`";
        return Err(Error::new(Span::call_site(), message));
    }
    // Not an expression: with a comma missing, `"ij->i" &a` would be one.
    let (target, subscripts) =
        if input.peek(LitStr) { (None, input.parse()?) } else { head(input.parse()?)? };
    if !subscripts.suffix().is_empty() {
        return Err(Error::new_spanned(subscripts, "the subscripts are a string literal without a suffix"));
    }
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error("expected a comma between the subscripts and the first operand"));
    }
    input.parse::<Option<Token![,]>>()?;
    Ok((krate, target, subscripts))
}

fn operands(input: ParseStream) -> Result<Vec<Expr>> {
    items(input, |input| match is_constant(input) {
        true => {
            Err(input.error("`const` leaves a gradient out, and stands before operands of `einsum_grad!`"))
        }
        false => operand(input),
    })
}

/// Whether `const` stands before an operand. A block `const { … }` is one.
fn is_constant(input: ParseStream) -> bool {
    input.peek(Token![const]) && !input.peek2(Brace)
}

fn operand(input: ParseStream) -> Result<Expr> {
    let operand = input.parse()?;
    no_head(&operand)?;
    Ok(operand)
}

/// Items with commas between them up to a semicolon, or the end.
fn items<T>(input: ParseStream, mut item: impl FnMut(ParseStream) -> Result<T>) -> Result<Vec<T>> {
    let mut items = Vec::new();
    while !input.is_empty() && !input.peek(Token![;]) {
        items.push(item(input)?);
        if !input.is_empty() && !input.peek(Token![;]) {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(items)
}

fn extents(input: ParseStream) -> Result<Vec<Extent>> {
    let extents = Punctuated::<Extent, Token![,]>::parse_terminated(input)?;
    let extents: Vec<Extent> = extents.into_iter().collect();
    for (n, extent) in extents.iter().enumerate() {
        if extents[..n].iter().any(|earlier| earlier.label == extent.label) {
            let message = format!("the extent of `{}` is given twice", extent.label);
            return Err(Error::new(extent.span, message));
        }
    }
    Ok(extents)
}

impl Parse for Extent {
    fn parse(input: ParseStream) -> Result<Self> {
        let form = "expected the extent of a label, as in `i = 3`";
        let name = Ident::parse_any(input).map_err(|error| Error::new(error.span(), form))?;
        let text = name.to_string();
        let mut letters = text.chars();
        let (Some(label), None) = (letters.next(), letters.next()) else {
            return Err(Error::new(name.span(), form));
        };
        input.parse::<Token![=]>().map_err(|error| Error::new(error.span(), form))?;
        Ok(Self { label, span: name.span(), value: input.parse()? })
    }
}

/// Takes the expression before the first comma apart.
fn head(expression: Expr) -> Result<(Option<Target>, LitStr)> {
    let (place, assignment, subscripts) = match expression {
        Expr::Assign(assign) => (assign.left, Assignment::Assign, assign.right),
        Expr::Binary(binary) => match binary.op {
            BinOp::AddAssign(_) => (binary.left, Assignment::Add, binary.right),
            BinOp::SubAssign(_) => (binary.left, Assignment::Subtract, binary.right),
            op => return Err(Error::new_spanned(op, "expected `=`, `+=` or `-=` behind the target")),
        },
        other => return Ok((None, literal(other)?)),
    };
    Ok((Some(Target { place: *place, assignment }), literal(*subscripts)?))
}

/// What belongs before the first comma is not an operand.
fn no_head(operand: &Expr) -> Result<()> {
    let message = match operand {
        Expr::Assign(assign) if is_label(&assign.left) => {
            "an extent stands behind a semicolon, as in `a; i = 3`, and a target before the subscripts, as in \
             `c = \"ij->ji\", a`"
        }
        Expr::Assign(_) | Expr::Binary(ExprBinary { op: BinOp::AddAssign(_) | BinOp::SubAssign(_), .. }) => {
            "the target stands before the subscripts, as in `c = \"ij->ji\", a`"
        }
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
            "a string literal is no operand; the subscripts come first, and once"
        }
        _ => return Ok(()),
    };
    Err(Error::new_spanned(operand, message))
}

/// Whether an expression could name a label.
fn is_label(expression: &Expr) -> bool {
    expression.to_token_stream().to_string().chars().count() == 1
}

/// The subscripts, also where a `macro_rules!` fragment wraps them.
fn literal(expression: Expr) -> Result<LitStr> {
    match expression {
        Expr::Group(group) => literal(*group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(subscripts), .. }) => Ok(subscripts),
        other => {
            let message = "the subscripts must be a string literal, to be read at compile time, as in \
                           `\"ij,jk->ik\"`; `dynamic::einsum` reads others at run time";
            Err(Error::new_spanned(other, message))
        }
    }
}

/// An expression as its author wrote it, for messages at run time; comments and line breaks become one space, and a
/// long one ends in `…`.
pub fn source_text(expression: &Expr) -> String {
    let mut source = Source::default();
    source.write(expression.to_token_stream());
    match source.text.char_indices().nth(LONGEST_SOURCE) {
        Some((end, _)) => format!("{}…", source.text[..end].trim_end()),
        None => source.text,
    }
}

/// In characters. A message names two operands, and should still fit a screen.
const LONGEST_SOURCE: usize = 60;

#[derive(Default)]
struct Source {
    text: String,
    /// Where the last token ended.
    end: Option<LineColumn>,
}

impl Source {
    fn write(&mut self, tokens: TokenStream) {
        for token in tokens {
            let TokenTree::Group(group) = token else {
                self.write_token(&token.to_string(), token.span().start(), token.span().end());
                continue;
            };
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                // A fragment of a `macro_rules!`.
                Delimiter::None => {
                    self.write(group.stream());
                    continue;
                }
            };
            // Not the spans of the delimiters: both are that of the group, once syn has parsed it.
            let (start, end) = (group.span().start(), group.span().end());
            self.write_token(open, start, LineColumn { column: start.column + 1, ..start });
            self.write(group.stream());
            self.write_token(close, LineColumn { column: end.column.saturating_sub(1), ..end }, end);
        }
    }

    fn write_token(&mut self, token: &str, start: LineColumn, end: LineColumn) {
        if self.end.is_some_and(|end| end != start) {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.end = Some(end);
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn parse(call: TokenStream) -> Result<Input> {
        syn::parse2(quote!([krate] #call))
    }

    fn message(call: TokenStream) -> String {
        parse(call).err().expect("a mistake").to_string()
    }

    #[test]
    fn a_call_is_target_subscripts_and_operands() {
        let input = parse(quote!(self.grad[k] += "ij->i", a.slice(s![.., 0]),)).unwrap();
        let target = input.target.unwrap();
        assert!(matches!(target.place, Expr::Index(_)));
        assert!(matches!(target.assignment, Assignment::Add));
        assert_eq!(input.subscripts.value(), "ij->i");
        assert_eq!(input.operands.len(), 1);
        assert!(parse(quote!("ij->i", a)).unwrap().target.is_none());
    }

    #[test]
    fn extents_stand_behind_a_semicolon() {
        let input = parse(quote!("(x+i)->xi", a; i = n + 1, k = 2,)).unwrap();
        assert_eq!(input.operands.len(), 1);
        assert_eq!(input.extents.iter().map(|extent| extent.label).collect::<String>(), "ik");
        assert!(parse(quote!("(x+i)->xi", a,;)).unwrap().extents.is_empty());
        assert!(message(quote!("i", a; 3)).contains("as in `i = 3`"));
        assert!(message(quote!("i", a; size = 3)).contains("as in `i = 3`"));
        assert!(message(quote!("i", a; i: 3)).contains("as in `i = 3`"));
        assert!(message(quote!("i", a; i = 3, i = 4)).contains("given twice"));
    }

    #[test]
    fn a_long_source_is_cut() {
        let text = |source: &str| source_text(&syn::parse_str(source).unwrap());
        let name = "ä".repeat(LONGEST_SOURCE);
        assert_eq!(text(&name), name);
        assert_eq!(text(&format!("{name}b")), format!("{name}…"));
        assert_eq!(
            text("a.slice(s![.., 1..]).map(|x| x + 1)\n    .dot(&b.slice(s![3, .., ..])).t()"),
            "a.slice(s![.., 1..]).map(|x| x + 1) .dot(&b.slice(s![3, ..,…"
        );
        assert_eq!(
            text(&format!("{} + b", &"a".repeat(LONGEST_SOURCE - 1))),
            format!("{}…", "a".repeat(LONGEST_SOURCE - 1))
        );
    }

    #[test]
    fn mistakes_name_the_form() {
        assert!(message(quote!()).contains("expected subscripts and operands"));
        assert!(message(quote!(SUBSCRIPTS, a)).contains("must be a string literal"));
        assert!(message(quote!(c *= "ij->i", a)).contains("expected `=`, `+=` or `-=`"));
        assert!(message(quote!("ij->i" a)).contains("expected a comma"));
        assert!(message(quote!(c = 5, a)).contains("must be a string literal"));
    }
}
