//! Files and what they really are, told by their first bytes and never by their name.

use anyhow::{Context as _, bail};
use flate2::bufread::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// An opened ledger.
pub struct Input {
    /// Its text.
    pub reader: Box<dyn Read + Send>,
    /// Size of the file; `None` when it cannot be known.
    pub size: Option<u64>,
    /// Bytes of the file that were read so far.
    pub read: Arc<AtomicU64>,
}

/// Opens the file, or standard input for `-`.
pub fn open(path: &Path) -> anyhow::Result<Input> {
    if path.as_os_str() == "-" {
        return from(io::stdin(), None);
    }
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let about = file.metadata().with_context(|| format!("cannot open {}", path.display()))?;
    if about.is_dir() {
        bail!("{} is a directory; name the ledger file in it", path.display());
    }
    if about.is_file() {
        check(&mut file)?;
    }
    from(file, about.is_file().then_some(about.len()))
}

/// Reads compressed data once to their check sum: damage in the middle shows only there, and the rows behind it would be
/// wrong ones that look right. What just stops early is left to the reader: its rows are true.
fn check(file: &mut File) -> anyhow::Result<()> {
    let mut text = MultiGzDecoder::new(BufReader::new(&*file));
    if text.header().is_some()
        && let Err(error) = io::copy(&mut text, &mut io::sink())
        && error.kind() != io::ErrorKind::UnexpectedEof
    {
        bail!("the compressed data is damaged ({error}); nothing was imported; copy the file again");
    }
    file.rewind().context("the file cannot be read")
}

/// The text of a ledger that is read from here.
pub fn from(raw: impl Read + Send + 'static, size: Option<u64>) -> anyhow::Result<Input> {
    let read = Arc::new(AtomicU64::new(0));
    let mut raw = BufReader::with_capacity(64 * 1024, Counted { raw, read: read.clone() });
    let head = raw.fill_buf().context("the file cannot be read")?;
    let reader: Box<dyn Read + Send> = match head {
        [] => bail!("the file is empty: it must begin with a header line such as external_ref,division_code,…"),
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(raw)),
        [b'P', b'K', 3, 4, ..] => bail!("the file is a workbook or a zip archive: save the sheet as csv (utf-8) and import that"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => bail!("the file is an old excel workbook: save the sheet as csv (utf-8) and import that"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => bail!("the file is utf-16: save it as csv (utf-8) and import that"),
        _ => Box::new(raw),
    };
    Ok(Input { reader, size, read })
}

struct Counted<R> {
    raw: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.raw.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
