//! Tokens to target, subscripts and operands.
//!
//! ```text
//! input  := "[" path "]" [ target ("=" | "+=" | "-=") ] subscripts ("," operand)* [","] [ ";" ( option [","] )* ]
//! option := label "=" expression | label "~" integer | "memory_limit" "=" expression
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
    /// What else stands behind the operands.
    pub options: Options,
}

/// What helps to choose an order in which operands are contracted.
#[derive(Default)]
pub struct Options {
    /// Supposed extents.
    pub hints: Vec<Hint>,
    /// How many bytes intermediates may take.
    pub memory_limit: Option<Expr>,
}

/// `i ~ 1000` behind the operands.
pub struct Hint {
    /// The label.
    pub label: char,
    /// Where it stands.
    pub span: Span,
    /// How many values it may have.
    pub extent: usize,
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
        let (extents, options) = options(input)?;
        Ok(Self { krate, target, subscripts, operands, extents, options })
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
        let (extents, options) = options(input)?;
        if !input.is_empty() {
            return Err(input.error("expected a semicolon and extents, or nothing, behind the gradient"));
        }
        let einsum = Input { krate, target: None, subscripts, operands, extents, options };
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

/// What stands behind a semicolon, if there is one.
fn options(input: ParseStream) -> Result<(Vec<Extent>, Options)> {
    let (mut extents, mut options): (Vec<Extent>, Options) = Default::default();
    if input.parse::<Option<Token![;]>>()?.is_none() {
        return Ok((extents, options));
    }
    for item in Punctuated::<Item, Token![,]>::parse_terminated(input)? {
        let twice = |of: &str, span: Span| Err(Error::new(span, format!("{of} is given twice")));
        let is_known = |label: char| {
            extents.iter().any(|extent| extent.label == label)
                || options.hints.iter().any(|hint| hint.label == label)
        };
        match item {
            Item::Extent(Extent { label, span, .. }) | Item::Hint(Hint { label, span, .. })
                if is_known(label) =>
            {
                return twice(&format!("the extent of `{label}`"), span);
            }
            Item::MemoryLimit(limit) if options.memory_limit.is_some() => {
                return twice("the memory limit", limit.span());
            }
            Item::Extent(extent) => extents.push(extent),
            Item::Hint(hint) => options.hints.push(hint),
            Item::MemoryLimit(limit) => options.memory_limit = Some(limit),
        }
    }
    Ok((extents, options))
}

/// One of them.
enum Item {
    Extent(Extent),
    Hint(Hint),
    MemoryLimit(Expr),
}

impl Parse for Item {
    fn parse(input: ParseStream) -> Result<Self> {
        let form = "expected the extent of a label, as in `i = 3`, a guess of it, as in `i ~ 1000`, or `memory_limit = 1 << 30`";
        let name = Ident::parse_any(input).map_err(|error| Error::new(error.span(), form))?;
        let (text, span) = (name.to_string(), name.span());
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(label), None) if input.peek(Token![~]) => {
                input.parse::<Token![~]>()?;
                Ok(Self::Hint(Hint { label, span, extent: guess(&input.parse()?)? }))
            }
            (Some(label), None) if input.parse::<Token![=]>().is_ok() => {
                Ok(Self::Extent(Extent { label, span, value: input.parse()? }))
            }
            (Some(_), Some(_)) if text == "memory_limit" && input.parse::<Token![=]>().is_ok() => {
                Ok(Self::MemoryLimit(input.parse()?))
            }
            (Some(_), None) => Err(input.error(form)),
            _ => Err(Error::new(span, form)),
        }
    }
}

/// The number of a hint, which has to be known when the orders are compared.
fn guess(value: &Expr) -> Result<usize> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse(),
        Expr::Group(group) => guess(&group.expr),
        other => {
            let message =
                "a guess of an extent is an integer literal, to be read at compile time, as in `i ~ 1000`";
            Err(Error::new_spanned(other, message))
        }
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
