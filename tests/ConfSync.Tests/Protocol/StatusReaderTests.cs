using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>When a node's nginx was started is told the same each time it is asked.</summary>
public sealed class StatusReaderTests
{
    // Booted at 1,000,000; the master was started 500.25 s later.
    [TestCase("1001000.10", "100010", ExpectedResult = 1_000_500)]
    [TestCase("1001000.90", "100010", ExpectedResult = 1_000_500, Description = "the process that tells the age was started late")]
    [TestCase("1002000.60", "200090", ExpectedResult = 1_000_500, Description = "asked again")]
    public long The_start_is_that_of_the_boot_and_the_ticks_since(string now, string started) =>
        StartOf($"{now} {started} 50025 1000000").ToUnixTimeSeconds();

    [Test]
    public void A_boot_that_the_age_contradicts_does_not_count() => Assert.That(
        StartOf("1001000.10 100010 50025 1000900").ToUnixTimeSeconds(), Is.EqualTo(1_000_500), "lxcfs shows the container's boot");

    [Test]
    public void Without_a_boot_the_age_counts() => Assert.That(StartOf("1001000.10 100010 50025").ToUnixTimeSeconds(), Is.EqualTo(1_000_500));

    private static DateTimeOffset StartOf(string tokens)
    {
        var reader = new StatusReader(DateTimeOffset.UtcNow);
        reader.Add(new Answer("status", [.. tokens.Split(' ')], ""));
        return reader.Status.RunsSince!.Value;
    }
}
