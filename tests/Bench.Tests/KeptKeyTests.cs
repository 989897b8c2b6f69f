namespace Memory.Bench.Tests;

public sealed class KeptKeyTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void The_key_is_read_from_the_secrets_of_the_app_host()
    {
        File.WriteAllText(file, """{"Parameters:other": "x", "Parameters:apikey": "m0-example"}""");

        Assert.Equal("m0-example", KeptKey.Read(file));
    }

    [Fact]
    public void Secrets_without_a_key_or_no_secrets_give_none()
    {
        File.WriteAllText(file, "{}");

        Assert.Null(KeptKey.Read(file));
        Assert.Null(KeptKey.Read(file + ".missing"));
    }

    [Fact]
    public void Broken_secrets_are_named()
    {
        File.WriteAllText(file, "{");

        var failure = Assert.Throws<BenchException>(() => KeptKey.Read(file));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }
}
