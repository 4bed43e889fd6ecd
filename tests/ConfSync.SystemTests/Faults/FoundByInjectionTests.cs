namespace ConfSync.SystemTests.Faults;

/// <summary>What the sweep of <see cref="InjectionTests"/> has found, one call with one fault each.</summary>
public sealed class FoundByInjectionTests
{
    /// <param name="call">A part of the kind of call that is struck: the first such one is.</param>
    /// <param name="strike">What is done to it.</param>
    [TestCase(ConfigurationDisk.Ordinary, InjectedRun.Push, " linkat nginx.conf ln", "fail EPERM lasting", TestName = "A_file_that_cannot_be_kept_was_edited_by_nobody")]
    public async Task It_is_found_no_more(ConfigurationDisk disk, InjectedRun run, string call, string strike)
    {
        await using var site = await InjectionSite.StartAsync(disk);
        var calls = InjectedCall.Of((await site.StrikeAsync(run, FaultInjector.Trace)).Struck);
        // Back, so that it is struck on the way that was traced.
        if (run != InjectedRun.RollBack) _ = await site.StrikeAsync(run, FaultInjector.Trace);
        var number = calls.First(each => each.Kind.Contains(call, StringComparison.Ordinal)).Number;

        var result = await site.StrikeAsync(run, $"{number} {strike}");

        Assert.That(result.Struck, Does.Contain(strike));
        Assert.That(result.Problems, Is.Empty, result.Struck);
    }
}
