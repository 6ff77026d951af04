//! The goals, and the geometric means.

mod goals;

use std::fmt::Write;

use crate::candidate::Mode;
use crate::report::Row;
use crate::table::{Family, Kind};
use goals::{GOALS, Goal, by_best};

/// A table of the goals, for the rows there are. They are set for calls in place.
pub fn goals(rows: &[Row]) -> String {
    let mut text =
        "\n| goal | at least | in place | owned | reached in place |\n|---|---|---|---|---|\n".to_owned();
    for goal in &GOALS {
        let rows: Vec<_> = rows.iter().filter(|row| (goal.rows)(row)).collect();
        if rows.is_empty() {
            continue;
        }
        let [in_place, owned] = [Mode::InPlace, Mode::Owned].map(|mode| {
            let figures: Vec<_> = rows.iter().map(|row| (goal.figure)(row, mode)).collect();
            (goal.over)(&figures)
        });
        let reached = if in_place >= goal.least { "yes" } else { "**no**" };
        let Goal { text: title, least, .. } = goal;
        let _ = writeln!(text, "| {title} | {least:.2} | {in_place:.2} | {owned:.2} | {reached} |");
    }
    text
}

/// Geometric means per family and element.
pub fn means(rows: &[Row]) -> String {
    let mut text = "\n| geometric means | rows | owned by best | in place by best | in place of peak |\n\
                    |---|---|---|---|---|\n"
        .to_owned();
    for (kind, family) in
        Family::ALL.iter().flat_map(|(family, _)| [(Kind::F32, family), (Kind::F64, family)])
    {
        let rows: Vec<_> = rows
            .iter()
            .filter(|row| (row.workload.element, &row.workload.family) == (kind, family))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let mean_of =
            |figure: &dyn Fn(&Row) -> f64| mean(&rows.iter().map(|row| figure(row)).collect::<Vec<_>>());
        let _ = writeln!(
            text,
            "| {family:?} {kind} | {} | {:.2} | {:.2} | {:.0} % |",
            rows.len(),
            mean_of(&|row| by_best(row, Mode::Owned)),
            mean_of(&|row| by_best(row, Mode::InPlace)),
            100.0 * mean_of(&|row| row.of_peak(Mode::InPlace)),
        );
    }
    text
}

fn mean(figures: &[f64]) -> f64 {
    (figures.iter().map(|figure| figure.ln()).sum::<f64>() / figures.len() as f64).exp()
}

/// No number if one of them is none.
fn least(figures: &[f64]) -> f64 {
    figures.iter().copied().reduce(|a, b| if a < b || a.is_nan() { a } else { b }).unwrap_or(f64::NAN)
}
