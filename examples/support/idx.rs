//! IDX, the file format of MNIST: a magic number, the extents as big-endian `u32`, and bytes in C order.
//!
//! The magic number tells the element type, always `u8` here, and the rank: 0x803 for images, 0x801 for
//! labels. Files may be compressed with gzip, and then have `.gz` in their names.

use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use ndarray::Array3;

/// The extents of an image.
pub const SIZE: (usize, usize) = (28, 28);

/// The classes of digits: labels are below it.
pub const CLASSES: usize = 10;

/// A file that is not what it should be.
#[derive(Debug)]
pub struct IdxError {
    pub file: PathBuf,
    pub problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Problem {
    NoFolder,
    NoFile,
    Unreadable(io::Error),
    NotGzip,
    TruncatedGzip,
    DamagedGzip(io::Error),
    Magic { found: u32, expected: u32 },
    Truncated { found: usize, expected: u128 },
    TooLong { found: usize, expected: u128 },
    NoImages,
    ImageSize { found: (usize, usize) },
    Label { position: usize, found: u8 },
    Counts { images: usize, labels: usize },
}

impl Problem {
    /// This problem of that file.
    pub fn of(self, file: &Path) -> IdxError {
        IdxError { file: file.to_owned(), problem: self }
    }
}

impl Display for IdxError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.problem)
    }
}

impl std::error::Error for IdxError {}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (height, width) = SIZE;
        match self {
            Self::NoFolder => write!(f, "no such folder"),
            Self::NoFile => write!(f, "no such file, neither with `.gz` nor without"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::NotGzip => write!(f, "not a gzip file, in spite of its name"),
            Self::TruncatedGzip => write!(f, "the gzip data end too early; is the file truncated?"),
            Self::DamagedGzip(error) => write!(f, "damaged gzip data: {error}"),
            Self::Magic { found, expected } => {
                write!(f, "starts with the magic number {found:#010x} instead of {expected:#010x}")
            }
            Self::Truncated { found, expected } => {
                write!(f, "truncated: holds {found} bytes, but needs {expected}")
            }
            Self::TooLong { found, expected } => {
                write!(f, "holds {found} bytes, but its header promises {expected}")
            }
            Self::NoImages => write!(f, "holds no images"),
            Self::ImageSize { found: (h, w) } => {
                write!(f, "holds images of {h}x{w} pixels instead of {height}x{width}")
            }
            Self::Label { position, found } => {
                write!(f, "label {found} at position {position}; labels are 0 to {}", CLASSES - 1)
            }
            Self::Counts { images, labels } => {
                write!(f, "holds {labels} labels for {images} images")
            }
        }
    }
}

/// The images of an IDX file with these contents.
pub fn images(file: &Path, contents: &[u8]) -> Result<Array3<u8>, IdxError> {
    let ([count, height, width], pixels) = parse(&unpack(file, contents)?).map_err(|p| p.of(file))?;
    if count == 0 {
        return Err(Problem::NoImages.of(file));
    }
    if (height, width) != SIZE {
        return Err(Problem::ImageSize { found: (height, width) }.of(file));
    }
    Ok(Array3::from_shape_vec((count, height, width), pixels).expect("`parse` compared the lengths"))
}

/// The labels of an IDX file with these contents.
pub fn labels(file: &Path, contents: &[u8]) -> Result<Vec<u8>, IdxError> {
    let ([_], labels) = parse(&unpack(file, contents)?).map_err(|p| p.of(file))?;
    match labels.iter().position(|&label| usize::from(label) >= CLASSES) {
        Some(position) => Err(Problem::Label { position, found: labels[position] }.of(file)),
        None => Ok(labels),
    }
}

/// The contents of a file, decompressed if its name says so.
fn unpack(file: &Path, contents: &[u8]) -> Result<Vec<u8>, IdxError> {
    if file.extension().is_none_or(|extension| extension != "gz") {
        return Ok(contents.to_vec());
    }
    if !contents.starts_with(&[0x1f, 0x8b]) {
        return Err(Problem::NotGzip.of(file));
    }
    let mut unpacked = Vec::new();
    match GzDecoder::new(contents).read_to_end(&mut unpacked) {
        Ok(_) => Ok(unpacked),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Problem::TruncatedGzip.of(file)),
        Err(error) => Err(Problem::DamagedGzip(error).of(file)),
    }
}

/// The extents and the elements of an IDX array of bytes of rank `D`.
fn parse<const D: usize>(bytes: &[u8]) -> Result<([usize; D], Vec<u8>), Problem> {
    let length = 4 * (1 + D);
    let short = Problem::Truncated { found: bytes.len(), expected: length as u128 };
    let (header, elements) = bytes.split_at_checked(length).ok_or(short)?;
    let mut words = header.chunks_exact(4).map(|word| u32::from_be_bytes(word.try_into().unwrap()));
    let (found, expected) = (words.next().unwrap(), 0x800 + D as u32);
    if found != expected {
        return Err(Problem::Magic { found, expected });
    }
    let extents: Vec<u32> = words.collect();
    let promised = header.len() as u128 + extents.iter().map(|&n| u128::from(n)).product::<u128>();
    match bytes.len() {
        found if (found as u128) < promised => Err(Problem::Truncated { found, expected: promised }),
        found if (found as u128) > promised => Err(Problem::TooLong { found, expected: promised }),
        _ => Ok((std::array::from_fn(|d| extents[d] as usize), elements.to_vec())),
    }
}
