//! The tables: Markdown for people, CSV for the rest.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use crate::candidate::{Mode, OURS};
use crate::limits::{LEVELS, Limits};
use crate::measure::Sample;
use crate::summary;
use crate::table::{Family, Workload};

/// A workload and its figures.
pub struct Row {
    pub workload: Workload,
    pub samples: Vec<Sample>,
    /// GFLOP/s of the machine at that element.
    pub peak: f64,
}

/// Where and how it was measured.
pub struct Setting {
    pub date: String,
    pub machine: String,
    pub threads: usize,
    pub versions: String,
    pub limits: Vec<Limits>,
}

impl Row {
    pub fn speed(&self, sample: &Sample) -> f64 {
        self.workload.flops() / sample.seconds / 1e9
    }

    pub fn ours(&self, mode: Mode) -> f64 {
        self.best(|sample| sample.name == OURS && sample.mode == mode)
            .map_or(f64::NAN, |best| self.speed(best))
    }

    fn best(&self, which: impl Fn(&Sample) -> bool) -> Option<&Sample> {
        let samples = self.samples.iter().filter(|sample| which(sample));
        samples.min_by(|a, b| a.seconds.total_cmp(&b.seconds))
    }

    /// Who our call must beat: in place everybody, owned those who make an array as well.
    pub fn rival(&self, mode: Mode, named: &[&str]) -> Option<&Sample> {
        self.best(|sample| {
            let known = named.is_empty() || named.contains(&sample.name);
            sample.name != OURS && known && (mode == Mode::InPlace || sample.mode == Mode::Owned)
        })
    }

    /// Our speed by that of the best of these peers, or of all peers.
    pub fn ratio(&self, mode: Mode, named: &[&str]) -> f64 {
        self.rival(mode, named).map_or(f64::NAN, |rival| self.ours(mode) / self.speed(rival))
    }

    pub fn of_peak(&self, mode: Mode) -> f64 {
        self.ours(mode) / self.peak
    }
}

pub fn write(folder: &Path, setting: &Setting, rows: &[Row]) -> io::Result<()> {
    fs::write(folder.join("compare.md"), markdown(setting, rows))?;
    fs::write(folder.join("compare.csv"), csv(setting, rows))
}

fn markdown(setting: &Setting, rows: &[Row]) -> String {
    let mut text = head(setting);
    text += &summary::goals(rows);
    text += &summary::means(rows);
    for (family, title) in Family::ALL {
        let rows: Vec<_> = rows.iter().filter(|row| row.workload.family == family).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {title}\n\n{COLUMNS}");
        rows.iter().for_each(|row| text.push_str(&line(row)));
    }
    text
}

/// The head of a table of rows.
pub const COLUMNS: &str = "| workload | owned | in place | best peer | owned by best | in place by best | of peak | others |\n\
                       |---|---|---|---|---|---|---|---|";

fn head(Setting { date, machine, threads, versions, limits }: &Setting) -> String {
    let mut text = format!(
        "{date}, {machine}, {threads} thread(s); {versions}\n\n\
         | limits | FMA f32, GFLOP/s | FMA f64 |"
    );
    LEVELS
        .iter()
        .for_each(|(level, _)| write!(text, " {level} read, GB/s | {level} copy |").unwrap_or_default());
    text += "\n|---|---|---|";
    text += &"---|---|".repeat(LEVELS.len());
    for Limits { threads, peak_f32, peak_f64, bandwidths } in limits {
        let _ = write!(text, "\n| {threads} thread(s) | {peak_f32:.1} | {peak_f64:.1} |");
        bandwidths
            .iter()
            .for_each(|(read, copy)| write!(text, " {read:.1} | {copy:.1} |").unwrap_or_default());
    }
    text + "\n"
}

/// A row of a table, GFLOP/s. The best peer's call overwrites an array where that is marked.
pub fn line(row: &Row) -> String {
    let speed = |sample: &Sample| {
        let mark = if sample.mode == Mode::InPlace { " in place" } else { "" };
        format!("{}{mark} {}", sample.name, figure(row.speed(sample)))
    };
    let best = row.rival(Mode::InPlace, &[]);
    let mut others: Vec<_> = row.samples.iter().filter(|sample| sample.name != OURS).collect();
    others.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let others: Vec<_> = others.iter().skip(1).map(|sample| speed(sample)).collect();
    format!(
        "| {} | {} | {} | {} | {:.2} | {:.2} | {:.0} % | {} |\n",
        row.workload.name,
        figure(row.ours(Mode::Owned)),
        figure(row.ours(Mode::InPlace)),
        best.map_or_else(String::new, speed),
        row.ratio(Mode::Owned, &[]),
        row.ratio(Mode::InPlace, &[]),
        100.0 * row.of_peak(Mode::InPlace),
        others.join(" · "),
    )
}

/// Three digits.
fn figure(speed: f64) -> String {
    match speed {
        100.0.. => format!("{speed:.0}"),
        10.0.. => format!("{speed:.1}"),
        1.0.. => format!("{speed:.2}"),
        _ => format!("{speed:.3}"),
    }
}

fn csv(setting: &Setting, rows: &[Row]) -> String {
    let mut text =
        "date,threads,workload,family,element,implementation,mode,seconds,gflops,of_peak\n".to_owned();
    for (row, sample) in rows.iter().flat_map(|row| row.samples.iter().map(move |sample| (row, sample))) {
        let (Workload { name, family, element, .. }, speed) = (&row.workload, row.speed(sample));
        let mode = if sample.mode == Mode::Owned { "owned" } else { "in place" };
        let _ = writeln!(
            text,
            "{},{},{name},{family:?},{element},{},{mode},{:.4e},{speed:.4},{:.4}",
            setting.date,
            setting.threads,
            sample.name,
            sample.seconds,
            speed / row.peak,
        );
    }
    text
}
