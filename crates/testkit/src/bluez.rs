//! A stand-in for BlueZ on a private bus: one adapter, and air in which everything that a program advertises is seen
//! by everyone who scans.
//!
//! It keeps to what BlueZ 5.66 was seen to do: an advertisement is fetched from the program that registers it, must
//! fit 31 bytes, and ends with its program; a scanner gets a `Device1` whose service data it is told of again every
//! 300 ms. What a test may change is the air, never the programs: [`Air::Damaged`], [`Air::Longer`], [`Air::Silent`].

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};
use zbus::Connection;
use zbus::fdo::ObjectManager;

mod objects;

use objects::{Adapter, AdvertisingManager, Agents};

/// Where the one adapter is.
pub(crate) const ADAPTER: &str = "/org/bluez/hci0";

/// The 16-bit service of FIDO (CTAP 2.3 section 11.5.1.2) in full.
pub const FIDO_SERVICE: &str = "0000fff9-0000-1000-8000-00805f9b34fb";

/// What happens to an advertisement on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Air {
    /// Nothing.
    #[default]
    Clear,
    /// Its last bit is another one.
    Damaged,
    /// It carries four bytes more.
    Longer,
    /// Nobody hears it.
    Silent,
}

/// A bus of its own, which ends with this value.
pub struct PrivateBus {
    address: String,
    _daemon: Child,
    _folder: TempDir,
}

impl PrivateBus {
    /// Starts `dbus-daemon`; `Err` where there is none.
    pub async fn start() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let configuration = folder.path().join("bus.conf");
        std::fs::write(&configuration, configuration_of(&folder.path().join("bus")))?;
        let mut daemon = Command::new("dbus-daemon")
            .arg("--nofork")
            .arg("--print-address")
            .arg(format!("--config-file={}", configuration.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // It complains of limits that only a system's bus needs.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let said = daemon.stdout.take().ok_or_else(|| io::Error::other("no standard output"))?;
        let address = BufReader::new(said).lines().next_line().await?;
        let address = address.ok_or_else(|| io::Error::other("dbus-daemon said no address"))?;
        Ok(Self { address, _daemon: daemon, _folder: folder })
    }

    /// What stands in `DBUS_SYSTEM_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connection of one's own.
    pub async fn connect(&self) -> zbus::Result<Connection> {
        zbus::connection::Builder::address(self.address.as_str()).build().await
    }
}

/// A bus that lets everyone do everything.
fn configuration_of(socket: &Path) -> String {
    format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"
 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">
<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
<policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/><allow send_type=\"method_call\"/>
<allow send_destination=\"*\"/><allow receive_type=\"method_call\"/><allow eavesdrop=\"false\"/></policy></busconfig>",
        socket.display()
    )
}

/// What adapter and air are like now.
#[derive(Debug)]
struct Conditions {
    powered: bool,
    air: Air,
    /// Advertisements that are on the air, by the program's unique name and the object's path.
    advertised: HashMap<(String, String), String>,
    heard: mpsc::UnboundedSender<Vec<u8>>,
    on_air: watch::Sender<usize>,
    shown: mpsc::UnboundedSender<()>,
    devices: u8,
}

impl Conditions {
    /// After every change of what is on the air.
    fn count(&self) {
        self.on_air.send_replace(self.advertised.len());
    }
}

type Shared = Arc<Mutex<Conditions>>;

fn lock(shared: &Shared) -> std::sync::MutexGuard<'_, Conditions> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is heard of the air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// This was registered.
    Advertised(Vec<u8>),
    /// Scanners were told of what is on the air.
    Shown,
}

/// The stand-in itself; it leaves the bus when it is dropped.
pub struct Bluez {
    connection: Connection,
    shared: Shared,
    heard: mpsc::UnboundedReceiver<Vec<u8>>,
    shown: mpsc::UnboundedReceiver<()>,
    changes: watch::Receiver<usize>,
}

impl Bluez {
    /// Takes the name `org.bluez` on that bus.
    pub async fn start(bus: &PrivateBus) -> zbus::Result<Self> {
        let (heard_in, heard) = mpsc::unbounded_channel();
        let (shown_in, shown) = mpsc::unbounded_channel();
        let (on_air, changes) = watch::channel(0);
        let conditions = Conditions {
            powered: true,
            air: Air::Clear,
            advertised: HashMap::new(),
            heard: heard_in,
            on_air,
            shown: shown_in,
            devices: 0,
        };
        let shared: Shared = Arc::new(Mutex::new(conditions));
        let connection = zbus::connection::Builder::address(bus.address())
            .serve_at("/", ObjectManager)
            .serve_at("/org/bluez", Agents)
            .serve_at(ADAPTER, Adapter::new(Arc::clone(&shared)))
            .serve_at(ADAPTER, AdvertisingManager::new(Arc::clone(&shared)))
            .name("org.bluez")
            .build()
            .await?;
        tokio::spawn(objects::end_with_their_programs(connection.clone(), Arc::clone(&shared)));
        Ok(Self { connection, shared, heard, shown, changes })
    }

    /// What the air is like from now on.
    pub fn set_air(&self, air: Air) {
        lock(&self.shared).air = air;
    }

    /// Turns the adapter on or off, as its person does.
    pub async fn set_powered(&self, powered: bool) -> zbus::Result<()> {
        lock(&self.shared).powered = powered;
        let adapter = self.connection.object_server().interface::<_, Adapter>(ADAPTER).await?;
        let adapter_now = adapter.get().await;
        adapter_now.powered_changed(adapter.signal_emitter()).await
    }

    /// Ends, as a service does that is stopped or falls over: it says nothing more to anybody.
    pub async fn vanish(&self) -> zbus::Result<()> {
        let shown: Vec<String> = {
            let mut shared = lock(&self.shared);
            let shown = shared.advertised.drain().map(|(_, device)| device).collect();
            shared.count();
            shown
        };
        objects::forget(&self.connection, shown).await;
        self.connection.release_name("org.bluez").await.map(drop)
    }

    /// The adapter is taken out: its programs are told that their advertisements have ended.
    pub async fn unplug(&self) -> zbus::Result<()> {
        let ended: Vec<((String, String), String)> = {
            let mut shared = lock(&self.shared);
            let ended = shared.advertised.drain().collect();
            shared.count();
            ended
        };
        for ((program, path), device) in ended {
            objects::forget(&self.connection, vec![device]).await;
            let (to, of) = (program.as_str(), "org.bluez.LEAdvertisement1");
            self.connection.call_method(Some(to), path.as_str(), Some(of), "Release", &()).await?;
        }
        Ok(())
    }

    /// Waits for the next advertisement and returns the FIDO service's data as its program gave it.
    pub async fn advertised(&mut self) -> Vec<u8> {
        self.heard.recv().await.unwrap_or_default()
    }

    /// Waits for the next advertisement that is new, or until scanners are told of one once more.
    pub async fn next(&mut self) -> Heard {
        tokio::select! {
            Some(data) = self.heard.recv() => Heard::Advertised(data),
            Some(()) = self.shown.recv() => Heard::Shown,
            else => std::future::pending().await,
        }
    }

    /// Waits until every advertisement has ended.
    pub async fn nothing_on_air(&mut self) {
        let waiting = self.changes.wait_for(|on_air| *on_air == 0);
        let _ = waiting.await;
    }

    /// How many advertisements are on the air.
    pub fn on_air(&self) -> usize {
        lock(&self.shared).advertised.len()
    }
}
