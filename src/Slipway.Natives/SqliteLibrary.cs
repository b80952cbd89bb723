using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Slipway.Natives;

/// <summary>
/// Binds the SQLite provider to the newest libsqlite3 of the machine. The native library that NuGet would bring dates
/// from 2021, so it is never shipped; the provider asks for "e_sqlite3" and gets the system's library instead.
/// </summary>
public static class SqliteLibrary
{
    private static readonly Version OldestAccepted = new(3, 40);
    private static readonly Lock Gate = new();
    private static bool bound;

    /// <summary>Loads and binds the library once per process; later calls do nothing.</summary>
    public static void Bind()
    {
        lock (Gate)
        {
            if (bound)
                return;
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            raw.FreezeProvider();
            var found = Version.Parse(raw.sqlite3_libversion().utf8_to_string());
            if (found < OldestAccepted)
                throw new DllNotFoundException(
                    $"SQLite {found} is too old: {OldestAccepted} or newer is needed. Install it with: apt-get install libsqlite3-0"
                );
            bound = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == "e_sqlite3"
            ? NativeLoader.Load(
                "SQLite",
                ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3.dll"],
                "apt-get install libsqlite3-0"
            )
            : nint.Zero;
}
