using System.Net;
using Memory.Core.Webhooks;

namespace Memory.Core.Tests.Webhooks;

public sealed class CallableAddressTests
{
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b:1::a9fe:a9fe")]
    [InlineData("2001:0:a9fe:a9fe::1")]
    [InlineData("2606:2800:220:1:0:5efe:a9fe:a9fe")]
    [InlineData("2606:2800:220:1:200:5efe:a9fe:a9fe")]
    [InlineData("192.0.0.192")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    public void What_hands_out_credentials_or_means_no_host_is_never_called(string address)
    {
        Assert.False(CallableAddress.Is(IPAddress.Parse(address), allowPrivate: true));
        Assert.False(CallableAddress.Is(IPAddress.Parse(address), allowPrivate: false));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("::1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::ffff:0:10.1.2.3")]
    public void What_is_private_is_called_where_that_is_allowed(string address)
    {
        Assert.True(CallableAddress.Is(IPAddress.Parse(address), allowPrivate: true));
        Assert.False(CallableAddress.Is(IPAddress.Parse(address), allowPrivate: false));
    }

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:220:1::1")]
    public void All_else_is_called(string address) => Assert.True(CallableAddress.Is(IPAddress.Parse(address), allowPrivate: false));
}
