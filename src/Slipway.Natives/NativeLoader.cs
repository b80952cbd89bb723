using System.Runtime.InteropServices;

namespace Slipway.Natives;

/// <summary>
/// Finds a native library: first beside the program (where the build puts pinned copies), then where the system looks.
/// A library that is missing is one sentence that names it, the places looked at and the way to get it.
/// </summary>
public static class NativeLoader
{
    /// <summary>Loads the first of <paramref name="fileNames"/> that can be loaded.</summary>
    public static nint Load(string product, IReadOnlyList<string> fileNames, string howToGet)
    {
        var folders = new[]
        {
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            AppContext.BaseDirectory,
        };
        foreach (var fileName in fileNames)
        {
            foreach (var folder in folders)
            {
                if (NativeLibrary.TryLoad(Path.Combine(folder, fileName), out var pinned))
                    return pinned;
            }
            if (NativeLibrary.TryLoad(fileName, out var system))
                return system;
        }
        throw new DllNotFoundException(
            $"{product} could not be loaded: none of {string.Join(", ", fileNames)} is in {string.Join(", ", folders)} "
                + $"or where the system looks. Get it with: {howToGet}"
        );
    }
}
