//! Programs that see what Keyfob itself does not: the screen and a camera.
//!
//! Each desktop and each camera has its own way, and each way a program that people have already. What they write is
//! bounded and read as nonsense until it is a picture.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::frames::Frames;
use super::{MAX_FILE, ScanRefusal, picture, the_one};

/// How long a program may take for a picture of the screen.
const SCREEN_TIME: Duration = Duration::from_secs(15);
/// How long the camera looks for a code.
const CAMERA_TIME: Duration = Duration::from_secs(60);

/// The programs that write a PNG of the screen to their standard output, and with which words.
pub const SCREEN_PROGRAMS: [(&str, &[&str]); 3] = [
    ("grim", &["-t", "png", "-"]),
    ("maim", &["--format", "png"]),
    ("import", &["-window", "root", "png:-"]),
];

/// A camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camera {
    /// Its device, such as `/dev/video0`.
    pub device: PathBuf,
}

impl Default for Camera {
    fn default() -> Self {
        Self { device: PathBuf::from("/dev/video0") }
    }
}

/// Where programs are.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    path: Option<OsString>,
}

impl Programs {
    /// Those in the folders of a `PATH`.
    pub fn on(path: Option<OsString>) -> Self {
        Self { path }
    }

    /// The file of a program; `None` where it is not installed.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let folders = self.path.as_ref()?;
        std::env::split_paths(folders)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
    }

    /// A picture of the screen, by the first program that can take one.
    pub(super) async fn screen(&self) -> Result<Vec<u8>, ScanRefusal> {
        let mut refusal = ScanRefusal::NoScreenProgram;
        for (name, words) in SCREEN_PROGRAMS {
            let Some(program) = self.find(name) else { continue };
            let mut command = Command::new(program);
            command.args(words);
            match timeout(SCREEN_TIME, output_of(command)).await {
                Ok(Some(picture)) => return Ok(picture),
                Ok(None) | Err(_) => refusal = ScanRefusal::ProgramFailed,
            }
        }
        Err(refusal)
    }

    /// Looks through the camera until a code is seen.
    pub(super) async fn watch(&self, camera: &Camera) -> Result<Zeroizing<String>, ScanRefusal> {
        let program = self.find("ffmpeg").ok_or(ScanRefusal::NoCameraProgram)?;
        let mut command = Command::new(program);
        command.args(["-nostdin", "-loglevel", "error", "-f", "v4l2", "-i"]).arg(&camera.device);
        // Four pictures a second are more than a hand that holds a screen before a camera can use.
        command.args(["-vf", "fps=4", "-f", "image2pipe", "-c:v", "png", "-"]);
        timeout(CAMERA_TIME, code_in_frames(command)).await.unwrap_or(Err(ScanRefusal::NothingSeen))
    }
}

fn start(command: &mut Command) -> Option<Child> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().ok()
}

/// What the program wrote, if it ended well and wrote anything.
async fn output_of(mut command: Command) -> Option<Vec<u8>> {
    let mut child = start(&mut command)?;
    let mut picture = Vec::new();
    // One byte more than a picture may have: whoever writes on is refused for its size.
    child.stdout.take()?.take(MAX_FILE + 1).read_to_end(&mut picture).await.ok()?;
    let ended = child.wait().await.ok()?;
    (ended.success() && !picture.is_empty()).then_some(picture)
}

async fn code_in_frames(mut command: Command) -> Result<Zeroizing<String>, ScanRefusal> {
    let mut child = start(&mut command).ok_or(ScanRefusal::ProgramFailed)?;
    let written = child.stdout.take().ok_or(ScanRefusal::ProgramFailed)?;
    first_code(written).await
}

/// The first code in a row of pictures. Pictures without one, or with several, are passed over: a moment later the
/// camera sees better.
pub(super) async fn first_code(
    mut pictures: impl AsyncRead + Unpin,
) -> Result<Zeroizing<String>, ScanRefusal> {
    let mut frames = Frames::default();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let length = pictures.read(&mut bytes).await.map_err(|_| ScanRefusal::ProgramFailed)?;
        if length == 0 {
            return Err(ScanRefusal::ProgramFailed);
        }
        frames.push(bytes.get(..length).unwrap_or_default()).map_err(|_| ScanRefusal::ProgramFailed)?;
        while let Some(frame) = frames.next().map_err(|_| ScanRefusal::ProgramFailed)? {
            let looked = tokio::task::spawn_blocking(move || picture::codes(&frame)).await;
            if let Ok(Ok(texts)) = looked
                && let Ok(code) = the_one(texts)
            {
                return Ok(code);
            }
        }
    }
}
