using System.Diagnostics;
using System.Globalization;

namespace ConfSync.SystemTests.Faults;

/// <summary>
/// Each call of libc with which the peer's side of a push, of an undo and of a roll-back changes something is a place where
/// it can be killed or fail. Whatever happens there, the peer is whole, the report is true, and the next push ends with the
/// new configuration. Always the same calls, evenly spread; with NGINX_SYNC_INJECT=N every call with every fault, and N times
/// two faults; with NGINX_SYNC_INJECT_STEP=M as well, only each M-th call.
/// </summary>
public sealed class InjectionTests
{
    private static readonly string[] Strikes =
    [
        "kill process", "kill runner", "kill all",
        "fail EIO once", "fail EIO lasting", "fail EPERM once", "fail EPERM lasting",
        "fail ENOSPC once", "fail ENOSPC lasting", "fail EROFS once", "fail EROFS lasting",
    ];

    private const int Few = 9;

    private static readonly int? Doubles = Number("NGINX_SYNC_INJECT");

    private static readonly int Step = Number("NGINX_SYNC_INJECT_STEP") ?? 1;

    private static IEnumerable<object[]> Cases() =>
        from disk in Enum.GetValues<ConfigurationDisk>()
        from run in Enum.GetValues<InjectedRun>()
        from strike in Doubles is null ? (string[])["some"] : [.. Strikes, "two"]
        select new object[] { disk, run, strike };

    [TestCaseSource(nameof(Cases))]
    public async Task Whatever_call_is_struck_the_peer_ends_whole_and_the_report_is_true(ConfigurationDisk disk, InjectedRun run, string strike)
    {
        var clock = Stopwatch.StartNew();
        var site = await InjectionSite.StartAsync(disk);
        List<string> found = [];
        var rounds = 0;
        try
        {
            // Both ways: each has its own number of calls.
            var calls = Math.Max((await site.StrikeAsync(run)).Calls, (await site.StrikeAsync(run)).Calls);
            foreach (var plan in Plans(strike, run, calls, new Random(HashCode(disk, run))))
            {
                rounds++;
                var result = await site.StrikeAsync(run, plan);
                if (result.Problems.Count == 0) continue;
                found.Add($"{string.Join("; ", plan)}\n  {result.Struck}\n  {string.Join("\n  ", result.Problems)}");
                await TestContext.Progress.WriteLineAsync($"{disk} {run}: {found[^1]}");
                // What it left must not be found again.
                await site.DisposeAsync();
                site = await InjectionSite.StartAsync(disk);
            }
            await TestContext.Progress.WriteLineAsync($"{disk} {run} {strike}: {calls} calls, {rounds} rounds, {clock.Elapsed.TotalSeconds:0} s");
        }
        finally
        {
            await site.DisposeAsync();
        }
        Assert.That(found, Is.Empty, $"{found.Count} of {rounds}:\n{string.Join("\n\n", found)}");
    }

    private static IEnumerable<string[]> Plans(string strike, InjectedRun run, int calls, Random random) => strike switch
    {
        // A push that is undone begins as any other one: the undo is what follows.
        "some" => from i in Enumerable.Range(0, Few)
                  let first = run == InjectedRun.Undo ? calls / 2 : 0
                  let at = first + 1 + (int)((i + random.NextDouble()) * (calls - first) / Few)
                  select new[] { $"{at} {Strikes[(i * 5 + random.Next(2)) % Strikes.Length]}" },
        "two" => from i in Enumerable.Range(0, Doubles!.Value)
                 let first = 1 + random.Next(calls)
                 select new[] { $"{first} {Any(random)}", $"{first + 1 + random.Next(calls / 2)} {Any(random)}" },
        _ => from at in Enumerable.Range(1, calls) where (at + Array.IndexOf(Strikes, strike)) % Step == 0 select new[] { $"{at} {strike}" },
    };

    private static string Any(Random random) => Strikes[random.Next(Strikes.Length)];

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    // The same in every run.
    private static int HashCode(ConfigurationDisk disk, InjectedRun run) => 100 * (int)disk + (int)run;
}
