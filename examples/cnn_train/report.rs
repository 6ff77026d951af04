//! What the program tells: a progress bar, a line for each epoch, and how often each digit was read as which.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};
use std::time::Instant;

use einsum::einsum;
use indicatif::{ProgressBar, ProgressStyle};
use ndarray::Array2;

use crate::net::one_hot;

/// A progress bar, which shows only on a terminal, and a line on standard output for each epoch.
pub struct Progress {
    bar: ProgressBar,
    epochs: u32,
    epoch: u32,
    start: Instant,
    /// How many batches this epoch had, and the sum of their losses.
    batches: u32,
    loss: f64,
    status: String,
}

impl Progress {
    pub fn new(epochs: u32, steps: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:20}   {msg}   {eta} left");
        let bar = ProgressBar::new(steps).with_style(style.expect("the template is correct"));
        let status = String::new();
        Self { bar, epochs, epoch: 1, start: Instant::now(), batches: 0, loss: 0.0, status }
    }

    /// After a batch of so many images.
    pub fn batch(&mut self, images: u32, loss: f32) {
        self.batches += 1;
        self.loss += f64::from(loss);
        let count = f64::from(self.batches);
        let (loss, speed) =
            (self.loss / count, f64::from(images) * count / self.start.elapsed().as_secs_f64());
        let Self { epochs, epoch, .. } = self;
        self.status = format!("epoch {epoch:2}/{epochs}   loss {loss:.4}   {speed:4.0} images/s");
        self.bar.inc(1);
        self.bar.set_message(self.status.clone());
    }

    /// After an epoch, and a test.
    pub fn epoch(&mut self, test: &Confusion) -> io::Result<()> {
        let line = format!("{}   test accuracy {:.2} %", self.status, test.accuracy());
        self.bar.suspend(|| writeln!(io::stdout(), "{line}"))?;
        (self.batches, self.loss) = (0, 0.0);
        (self.epoch, self.start) = (self.epoch + 1, Instant::now());
        Ok(())
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// How often each digit, the row, was read as each digit, the column.
pub struct Confusion(Array2<usize>);

impl Confusion {
    pub fn new(truth: &[usize], read: &[usize]) -> Self {
        Self(einsum!("nt,nr->tr", one_hot::<usize>(truth), one_hot::<usize>(read)))
    }

    fn right(&self) -> usize {
        einsum!("tt", self.0)
    }

    /// In percent.
    pub fn accuracy(&self) -> f64 {
        100.0 * self.right() as f64 / self.0.sum() as f64
    }
}

impl Display for Confusion {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "read as")?;
        (0..self.0.ncols()).try_for_each(|digit| write!(f, "{digit:6}"))?;
        for (digit, row) in self.0.rows().into_iter().enumerate() {
            write!(f, "\n     {digit} ")?;
            row.iter().try_for_each(|&count| match count {
                0 => write!(f, "     ."),
                _ => write!(f, "{count:6}"),
            })?;
        }
        let (right, all, accuracy) = (self.right(), self.0.sum(), self.accuracy());
        write!(f, "\n\n{right} of {all} digits read correctly: {accuracy:.2} %")
    }
}
