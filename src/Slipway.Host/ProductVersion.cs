using System.Reflection;

namespace Slipway.Host;

internal static class ProductVersion
{
    /// <summary>Such as "0.1.0": the version of the build without the commit.</summary>
    public static string Text { get; } =
        typeof(ProductVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
