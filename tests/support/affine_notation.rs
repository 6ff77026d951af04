//! Reads subscripts with affine indices for the oracle in `affine`: text in, one [`Axis`] for each axis out.

use super::oracle::{once, require};
use std::iter::zip;

/// What stands for one axis of an array; the ellipsis, until it is spelled out, for any number of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    Label(char),
    Affine(Index),
}

/// An affine index: the sum of a constant and of labels times coefficients.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    pub parts: Vec<(char, isize)>,
    pub constant: isize,
}

impl Axis {
    /// The labels, with those in parentheses.
    pub fn labels(&self) -> Vec<char> {
        match self {
            Axis::Label(label) => vec![*label],
            Axis::Affine(index) => index.parts.iter().map(|&(label, _)| label).collect(),
        }
    }
}

/// The labels of a term, with those in parentheses.
pub fn labels(term: &[Axis]) -> Vec<char> {
    term.iter().flat_map(Axis::labels).collect()
}

/// The axes of each input and of the output, an ellipsis spelled out.
pub fn parse(subscripts: &str, shapes: &[&[usize]]) -> Result<(Vec<Vec<Axis>>, Vec<Axis>), String> {
    let (inputs, output) = read(subscripts)?;
    require(inputs.len() == shapes.len(), || "one operand per term".into())?;
    let own = zip(&inputs, shapes).map(|(term, shape)| ellipsis_rank(term, shape.len()));
    let own: Vec<usize> = own.collect::<Result<_, _>>()?;
    let rank = own.iter().copied().max().unwrap_or(0);
    let inputs: Vec<_> = zip(&inputs, own).map(|(term, own)| spell_out(term, own, rank)).collect();
    let output = spell_out(&output, rank, rank);
    let written = labels(&output);
    for (place, label) in written.iter().enumerate() {
        require(!written[..place].contains(label), || format!("`{label}` twice in the output"))?;
        let known = inputs.iter().any(|input| labels(input).contains(label));
        require(known, || format!("`{label}` in no operand"))?;
    }
    Ok((inputs, output))
}

/// The axes of each input and of the output, an ellipsis as one of them.
fn read(subscripts: &str) -> Result<(Vec<Vec<Axis>>, Vec<Axis>), String> {
    let tokens = tokens(subscripts)?;
    let sides: Vec<&[Token]> = tokens.split(|token| *token == Token::Mark('→')).collect();
    require(sides.len() <= 2, || "two arrows".into())?;
    let inputs = sides[0].split(|token| *token == Token::Mark(','));
    let inputs: Vec<Vec<Axis>> = inputs.map(term).collect::<Result<_, _>>()?;
    let ellipsis = inputs.iter().flatten().find(|axis| **axis == ELLIPSIS).cloned();
    let output = match sides.get(1) {
        Some(output) => term(output)?,
        None => ellipsis.clone().into_iter().chain(implicit(&inputs)).collect(),
    };
    let kept = ellipsis.is_none() || output.contains(&ELLIPSIS);
    require(kept, || "an ellipsis that the output does not have".into())?;
    Ok((inputs, output))
}

/// The labels that occur exactly once, also in parentheses. No affine index is among them.
fn implicit(inputs: &[Vec<Axis>]) -> impl Iterator<Item = Axis> {
    let labels: Vec<Vec<char>> = inputs.iter().map(|term| labels(term)).collect();
    once(&labels).into_iter().map(Axis::Label)
}

const ELLIPSIS: Axis = Axis::Label('…');

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Label(char),
    Integer(isize),
    /// `,`, `(`, `)`, `+`, `-`, `*`, or `…` for `...` and `→` for `->`.
    Mark(char),
}

fn tokens(subscripts: &str) -> Result<Vec<Token>, String> {
    let mut rest = subscripts;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (token, length) = match first {
            _ if digits > 0 => (rest[..digits].parse().ok().map(Token::Integer), digits),
            _ if rest.starts_with("...") => (Some(Token::Mark('…')), 3),
            _ if rest.starts_with("->") => (Some(Token::Mark('→')), 2),
            ',' | '(' | ')' | '+' | '-' | '*' => (Some(Token::Mark(first)), 1),
            _ => (first.is_alphabetic().then_some(Token::Label(first)), first.len_utf8()),
        };
        if first != ' ' {
            tokens.push(token.ok_or_else(|| format!("a character that means nothing before `{rest}`"))?);
        }
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// The axes of one term, an ellipsis as one of them.
fn term(mut tokens: &[Token]) -> Result<Vec<Axis>, String> {
    let mut axes = Vec::new();
    while let [first, rest @ ..] = tokens {
        tokens = rest;
        axes.push(match first {
            Token::Label(label) => Axis::Label(*label),
            Token::Mark('…') => ELLIPSIS,
            Token::Mark('(') => {
                let end = rest.iter().position(|token| *token == Token::Mark(')'));
                let end = end.ok_or("a parenthesis that is not closed")?;
                tokens = &rest[end + 1..];
                Axis::Affine(index(&rest[..end])?)
            }
            other => return Err(format!("{other:?} outside of parentheses")),
        });
    }
    require(axes.iter().filter(|&axis| *axis == ELLIPSIS).count() <= 1, || "two ellipses".into())?;
    Ok(axes)
}

/// What stands between parentheses: `["-"] part (("+" | "-") part)*` of `[integer ["*"]] label` or `integer`.
fn index(tokens: &[Token]) -> Result<Index, String> {
    use Token::{Integer, Label, Mark};
    let mut index = Index::default();
    let (mut sign, mut rest) = match tokens {
        [Mark('-'), rest @ ..] => (-1, rest),
        _ => (1, tokens),
    };
    loop {
        rest = match rest {
            [Integer(factor), Mark('*'), Label(label), rest @ ..]
            | [Integer(factor), Label(label), rest @ ..] => {
                index.parts.push((*label, sign * factor));
                rest
            }
            [Label(label), rest @ ..] => {
                index.parts.push((*label, sign));
                rest
            }
            [Integer(constant), rest @ ..] => {
                index.constant += sign * constant;
                rest
            }
            _ => return Err("a part that is neither a label nor an integer".into()),
        };
        (sign, rest) = match rest {
            [] => break,
            [Mark('+'), rest @ ..] => (1, rest),
            [Mark('-'), rest @ ..] => (-1, rest),
            _ => return Err("two parts without a sign between them".into()),
        };
    }
    let mut labels: Vec<char> = index.parts.iter().map(|&(label, _)| label).collect();
    require(!labels.is_empty(), || "an index without a label".into())?;
    labels.sort();
    require(labels.windows(2).all(|pair| pair[0] != pair[1]), || "a label twice in one index".into())?;
    require(index.parts.iter().all(|&(_, factor)| factor != 0), || "a coefficient of zero".into())?;
    Ok(index)
}

/// How many axes the ellipsis of a term stands for; 0 without one.
fn ellipsis_rank(term: &[Axis], rank: usize) -> Result<usize, String> {
    let others = term.iter().filter(|&axis| *axis != ELLIPSIS).count();
    let fits = rank == others || term.contains(&ELLIPSIS) && rank > others;
    require(fits, || "one label or index per axis".into())?;
    Ok(rank - others)
}

/// Replaces an ellipsis by the last `own` of `rank` labels that nobody can write.
fn spell_out(term: &[Axis], own: usize, rank: usize) -> Vec<Axis> {
    let letter = |axis: usize| Axis::Label(char::from_u32(0xE000 + axis as u32).unwrap());
    let axes = || (rank - own..rank).map(letter);
    term.iter()
        .flat_map(|axis| if *axis == ELLIPSIS { axes().collect() } else { vec![axis.clone()] })
        .collect()
}
