//! Calls to refuse, by what is wrong with them and by when it can be seen.

/// When a mistake can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In the subscripts alone.
    Syntax,
    /// With the number of operands.
    Arity,
    /// With the ranks of the operands.
    Rank,
    /// With their extents.
    Size,
}

/// Calls that are wrong in the same way.
pub struct Rejected {
    pub stage: Stage,
    pub category: &'static str,
    /// Subscripts, the shapes of the operands, and a part of the message that names the culprit.
    pub calls: &'static [(&'static str, &'static [&'static [usize]], &'static str)],
}

/// All of them.
pub const REJECTED: &[Rejected] = &[
    Rejected {
        stage: Stage::Syntax,
        category: "ellipsis",
        calls: &[
            ("j->..j", &[&[2]], "`..` is not `...`"),
            ("j->.j...", &[&[2]], "`.` is not `...`"),
            ("..", &[&[]], "`..` is not `...`"),
            ("......", &[&[2]], "a second `...` in one term"),
            ("... ...", &[&[2]], "a second `...` in one term"),
            ("...i...", &[&[2, 3, 4]], "a second `...` in one term"),
            ("a->..", &[&[2]], "`..` is not `...`"),
            ("ij.jk->ik", &[&[2, 3], &[3, 4]], "`.` is not `...`"),
            ("...ij...,jk...->ik...", &[&[2, 3], &[3, 4]], "a second `...` in one term"),
        ],
    },
    Rejected {
        stage: Stage::Syntax,
        category: "output label",
        calls: &[
            ("ij->jij", &[&[2, 2]], "output label `j` appears twice"),
            ("i->j", &[&[2]], "output label `j` does not appear in any operand"),
            ("i,j->i,j", &[&[2], &[3]], "a comma in the output"),
            ("ij,jk->ik,", &[&[2, 3], &[3, 4]], "a comma in the output"),
            ("a->i", &[&[2]], "output label `i` does not appear in any operand"),
            ("a->a,a", &[&[5]], "a comma in the output"),
            ("a->b", &[&[5]], "output label `b` does not appear in any operand"),
        ],
    },
    Rejected {
        stage: Stage::Syntax,
        category: "arrow",
        calls: &[
            ("->,->", &[&[], &[]], "a comma in the output"),
            ("i->i->i", &[&[2]], "a second `->`"),
            ("i-->i", &[&[2]], "`-->` is not `->`"),
            ("i->>i", &[&[2]], "`>` without `-`"),
            ("i,->j->i", &[&[2], &[]], "a second `->`"),
            ("i->i-", &[&[2]], "`-` without `>`"),
            ("i->i>", &[&[2]], "`>` without `-`"),
            ("a->a->a", &[&[5]], "a second `->`"),
        ],
    },
    Rejected {
        stage: Stage::Syntax,
        category: "character",
        calls: &[
            ("a,a->&", &[&[], &[]], "unexpected character `&`"),
            ("_", &[&[2]], "unexpected character `_`"),
            ("i->1", &[&[2]], "unexpected character `1`"),
            ("i\tj->ij", &[&[2, 3]], "unexpected character `\\t`"),
            ("i*j", &[&[2, 3]], "unexpected character `*`"),
            ("i[j]", &[&[2, 3]], "unexpected character `[`"),
            ("i\u{a0}j", &[&[2, 3]], "unexpected character `\\u{a0}`"),
            ("i'j", &[&[2, 3]], "unexpected character `'`"),
            ("i=i", &[&[2]], "unexpected character `=`"),
            ("i:i", &[&[2]], "unexpected character `:`"),
            ("a->1", &[&[2]], "unexpected character `1`"),
        ],
    },
    Rejected {
        stage: Stage::Syntax,
        category: "parentheses",
        calls: &[
            ("(x+i,i->x", &[&[8], &[3]], "`(` without `)`"),
            ("(x+),i->xi", &[&[8], &[3]], "expected a label or a number"),
            ("(),i->i", &[&[8], &[3]], "expected a label or a number"),
            ("(x+%),i->xi", &[&[8], &[3]], "unexpected `%` in an index"),
        ],
    },
    Rejected {
        stage: Stage::Arity,
        category: "operand count",
        calls: &[
            ("", &[], "the subscripts are for 1 operand, but 0 are given"),
            ("", &[&[], &[]], "the subscripts are for 1 operand, but 2 are given"),
            ("i,j,", &[&[2], &[3]], "the subscripts are for 3 operands, but 2 are given"),
            ("i,j->ij", &[&[2]], "the subscripts are for 2 operands, but 1 is given"),
            ("->", &[&[], &[]], "the subscripts are for 1 operand, but 2 are given"),
            ("", &[&[2], &[2]], "the subscripts are for 1 operand, but 2 are given"),
            ("ijk ijk", &[&[1, 2, 3], &[1, 2, 3]], "the subscripts are for 1 operand, but 2 are given"),
        ],
    },
    Rejected {
        stage: Stage::Rank,
        category: "rank",
        calls: &[
            ("...i", &[&[]], "operand 0"),
            ("i...", &[&[]], "operand 0"),
            ("", &[&[2]], "operand 0"),
            ("->", &[&[2]], "operand 0"),
            ("ij,jk->ik", &[&[2, 3], &[3, 4, 5]], "operand 1"),
            ("ij,jk->ik", &[&[2], &[3, 4]], "operand 0"),
            (",i", &[&[2], &[3]], "operand 0"),
        ],
    },
    Rejected {
        stage: Stage::Size,
        category: "size mismatch in one operand",
        calls: &[
            ("ii->i", &[&[2, 3]], "label `i`"),
            ("ii", &[&[1, 3]], "label `i`"),
            ("ii->i", &[&[3, 1]], "label `i`"),
            ("ii,i->i", &[&[1, 3], &[3]], "label `i`"),
        ],
    },
    Rejected {
        stage: Stage::Size,
        category: "ellipsis broadcast",
        calls: &[
            ("...,...", &[&[2, 3], &[3, 2]], "an axis of `...`"),
            ("a...,a...->a...", &[&[2, 3, 4], &[2, 4, 3]], "an axis of `...`"),
        ],
    },
    Rejected {
        stage: Stage::Size,
        category: "size mismatch across operands",
        calls: &[
            ("i,i", &[&[2], &[3]], "label `i`"),
            ("ij,jk,kl->il", &[&[2, 3], &[3, 4], &[5, 6]], "label `k`"),
            ("bij,bjk->bik", &[&[2, 3, 4], &[3, 4, 5]], "label `b`"),
        ],
    },
    Rejected {
        stage: Stage::Size,
        category: "zero size (mismatch)",
        calls: &[("i,i", &[&[0], &[3]], "label `i`")],
    },
];
