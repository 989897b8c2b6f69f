using System.Net;
using System.Net.Sockets;

namespace Memory.Core.Webhooks;

/// <summary>
/// Which addresses a webhook may make this server call. Those of links, under which clouds hand out credentials, those that mean
/// no single host, and forms that hide one of them are never called.
/// </summary>
internal static class CallableAddress
{
    // Link-local; "this" network; multicast, reserved and broadcast; the metadata of Alibaba, of Oracle and of Azure's host; and tunnels, whose
    // other end hides in their bytes.
    private static readonly IPNetwork[] s_never =
    [
        .. new[] { "169.254.0.0/16", "0.0.0.0/8", "224.0.0.0/3", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32", "fe80::/10", "fec0::/10", "ff00::/8", "::/128", "fd00:ec2::/32", "fd20:ce::/32", "2001::/32", "64:ff9b:1::/48" }
            .Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] s_private =
    [
        .. new[] { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "::1/128", "fc00::/7" }.Select(IPNetwork.Parse),
    ];

    // An IPv4 address is hidden in the last, or in the second to fourth, of their bytes.
    private static readonly IPNetwork s_translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork s_compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork s_stateless = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork s_sixToFour = IPNetwork.Parse("2002::/16");

    internal static bool Is(IPAddress address, bool allowPrivate)
    {
        IPAddress meant = Meant(address);
        return !s_never.Any(network => network.Contains(meant)) && (allowPrivate || !s_private.Any(network => network.Contains(meant)));
    }

    private static IPAddress Meant(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        byte[] bytes = address.GetAddressBytes();
        return s_translated.Contains(address) || s_stateless.Contains(address) || IsIsatap(bytes) ? new IPAddress(bytes.AsSpan(12, 4))
            : s_sixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
            : s_compatible.Contains(address) && !IPAddress.IPv6Loopback.Equals(address) && !IPAddress.IPv6Any.Equals(address) ? new IPAddress(bytes.AsSpan(12, 4))
            : address;
    }

    // Of any network: the host's part is 0000:5efe, or 0200:5efe, and the address.
    private static bool IsIsatap(byte[] bytes) => (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}
