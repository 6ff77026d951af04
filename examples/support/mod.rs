//! What the examples share: handwritten digits.

pub mod idx;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use idx::{IdxError, Problem};
use ndarray::Array3;

/// The digits to learn from, and those to test with.
pub struct Mnist {
    pub train: Digits,
    pub test: Digits,
}

/// Images of handwritten digits, and which digits they show.
pub struct Digits {
    /// From 0, the paper, to 1, the ink: image, row, column.
    pub images: Array3<f32>,
    pub labels: Vec<usize>,
}

/// A file's name and contents.
type File = (PathBuf, Vec<u8>);

impl Mnist {
    /// 5,000 digits to learn from and 1,000 to test with, a part of MNIST that is compiled into the program.
    pub fn embedded() -> Self {
        macro_rules! file {
            ($name:literal) => {
                (PathBuf::from($name), include_bytes!(concat!("../data/mnist-6k/", $name)).to_vec())
            };
        }
        let train = (file!("train-images-idx3-ubyte.gz"), file!("train-labels-idx1-ubyte.gz"));
        let test = (file!("t10k-images-idx3-ubyte.gz"), file!("t10k-labels-idx1-ubyte.gz"));
        let digits = |(images, labels)| Digits::parse(images, labels).expect("the embedded data are whole");
        Self { train: digits(train), test: digits(test) }
    }

    /// The digits in a folder of four IDX files with the names that MNIST gave them.
    pub fn read(folder: &Path) -> Result<Self, IdxError> {
        if !folder.is_dir() {
            return Err(Problem::NoFolder.of(folder));
        }
        let digits = |part: &str| {
            let images = find(folder, &format!("{part}-images-idx3-ubyte"))?;
            Digits::parse(images, find(folder, &format!("{part}-labels-idx1-ubyte"))?)
        };
        Ok(Self { train: digits("train")?, test: digits("t10k")? })
    }
}

impl Digits {
    fn parse(images: File, labels: File) -> Result<Self, IdxError> {
        let pixels = idx::images(&images.0, &images.1)?;
        let classes = idx::labels(&labels.0, &labels.1)?;
        if pixels.dim().0 != classes.len() {
            return Err(Problem::Counts { images: pixels.dim().0, labels: classes.len() }.of(&labels.0));
        }
        let images = pixels.mapv(|ink| f32::from(ink) / 255.0);
        Ok(Self { images, labels: classes.into_iter().map(usize::from).collect() })
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }
}

/// The file of this name in the folder, with `.gz` or without.
fn find(folder: &Path, name: &str) -> Result<File, IdxError> {
    let (packed, plain) = (folder.join(format!("{name}.gz")), folder.join(name));
    for file in [&packed, &plain] {
        match fs::read(file) {
            Ok(contents) => return Ok((file.clone(), contents)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Problem::Unreadable(error).of(file)),
        }
    }
    Err(Problem::NoFile.of(&packed))
}
