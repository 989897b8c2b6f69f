namespace Memory.Testing;

/// <summary>Some tests have a longer form, for <c>./test --long</c>.</summary>
public static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("MEMORY_TEST_LONG") == "1";
}
