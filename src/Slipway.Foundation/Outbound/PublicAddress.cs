using System.Net;

namespace Slipway.Foundation.Outbound;

/// <summary>
/// Which addresses belong to the world at large. Everything else (this machine, its network, the metadata service of a
/// cloud, ranges set aside for tunnels and documents) is no place to which a user's address may lead this server.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] SetAside =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (
            address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            && !GlobalUnicast.Contains(address)
        )
            return false;
        return !SetAside.Any(network => network.Contains(address));
    }
}
