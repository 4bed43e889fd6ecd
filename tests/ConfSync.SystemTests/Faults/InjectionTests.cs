using System.Diagnostics;
using System.Globalization;

namespace ConfSync.SystemTests.Faults;

/// <summary>
/// Each call of libc with which the peer's side of a push, of an undo and of a roll-back changes something is a place where
/// it can be killed or fail. Whatever happens there, the peer is whole, the report is true, and the next push ends with the
/// new configuration. Always the same calls, evenly spread. With NGINX_SYNC_INJECT=N every call with every fault that can
/// meet it, and N times two faults. With NGINX_SYNC_INJECT_EACH=K as well, only K calls of each kind with each fault; with
/// NGINX_SYNC_INJECT_PART=I/M, only the I-th of M parts of all that. With NGINX_SYNC_FAULTS=FILE, a line is written there
/// for each run that was struck: the file system, the run, the faults, what they struck, the exit status, seconds, and
/// whether all was as promised; separated by tabs.
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

    private static readonly int Each = Number("NGINX_SYNC_INJECT_EACH") ?? int.MaxValue;

    private static readonly string[] Part = (Environment.GetEnvironmentVariable("NGINX_SYNC_INJECT_PART") ?? "1/1").Split('/');

    private static readonly Lock Writing = new();

    private static IEnumerable<object[]> Cases() =>
        from disk in Enum.GetValues<ConfigurationDisk>()
        from run in Enum.GetValues<InjectedRun>()
        from faults in Doubles is null ? (string[])["some"] : ["one", "two"]
        select new object[] { disk, run, faults };

    [TestCaseSource(nameof(Cases))]
    public async Task Whatever_call_is_struck_the_peer_ends_whole_and_the_report_is_true(ConfigurationDisk disk, InjectedRun run, string faults)
    {
        var clock = Stopwatch.StartNew();
        var site = await InjectionSite.StartAsync(disk);
        List<string> found = [];
        var rounds = 0;
        try
        {
            var plans = await PlansAsync(site, run, faults, new Random(HashCode(disk, run)));
            while (plans.Values.Any(queue => queue.Count > 0))
            {
                // There is no other way to the other direction.
                if (!plans[site.Held].TryDequeue(out var plan)) plan = [FaultInjector.Trace];
                else rounds++;
                var round = Stopwatch.StartNew();
                var result = await site.StrikeAsync(run, plan);
                Record($"{disk}\t{run}\t{string.Join("; ", plan)}", result, round.Elapsed, plan);
                if (result.Problems.Count == 0) continue;
                found.Add($"{string.Join("; ", plan)}\n  {result.Struck}\n  {string.Join("\n  ", result.Problems)}");
                await TestContext.Progress.WriteLineAsync($"{disk} {run}: {found[^1]}");
                // What it left must not be found again. It begins with the same direction: the plans say the rest.
                await site.DisposeAsync();
                site = await InjectionSite.StartAsync(disk);
            }
            await TestContext.Progress.WriteLineAsync($"{disk} {run} {faults}: {rounds} rounds, {clock.Elapsed.TotalSeconds:0} s");
        }
        finally
        {
            await site.DisposeAsync();
        }
        Assert.That(found, Is.Empty, $"{found.Count} of {rounds}:\n{string.Join("\n\n", found)}");
    }

    /// <summary>What is to be done from each of the two configurations: each way has its own calls. A roll-back has one.</summary>
    private static async Task<Dictionary<int, Queue<string[]>>> PlansAsync(InjectionSite site, InjectedRun run, string faults, Random random)
    {
        Dictionary<int, Queue<string[]>> plans = [];
        while (!plans.ContainsKey(site.Held))
        {
            var from = site.Held;
            var trace = await site.StrikeAsync(run, FaultInjector.Trace);
            if (trace.Problems.Count > 0) throw new InvalidOperationException(string.Join('\n', trace.Problems));
            plans[from] = new Queue<string[]>(Plans(faults, run, InjectedCall.Of(trace.Struck), from, random));
        }
        return plans;
    }

    private static IEnumerable<string[]> Plans(string faults, InjectedRun run, IReadOnlyList<InjectedCall> calls, int way, Random random) => faults switch
    {
        // A push that is undone begins as any other one: the undo is what follows.
        "some" => from i in Enumerable.Range(0, run == InjectedRun.RollBack ? Few : Few / 2 + way)
                  let strike = Strikes[(i * 5 + way + random.Next(2)) % Strikes.Length]
                  let struck = calls.Where(call => call.IsStruckBy(strike)).ToList()
                  let first = run == InjectedRun.Undo ? struck.Count / 2 : 0
                  select new[] { $"{struck[first + random.Next(struck.Count - first)].Number} {strike}" },
        "two" => InPart(from i in Enumerable.Range(0, Doubles!.Value / (run == InjectedRun.RollBack ? 1 : 2))
                        let kinds = calls.ToLookup(call => call.Kind).ToList()
                        let kind = kinds[random.Next(kinds.Count)].ToList()
                        let first = kind[random.Next(kind.Count)].Number
                        select new[] { $"{first} {Any(random)}", $"{first + 1 + random.Next(calls.Count / 2)} {Any(random)}" }),
        _ => InPart(from kind in calls.GroupBy(call => call.Kind)
                    from strike in Strikes
                    let struck = kind.Where(call => call.IsStruckBy(strike)).ToList()
                    from i in Enumerable.Range(0, Math.Min(Each, struck.Count))
                        // Other ones for each strike.
                    let at = (i * struck.Count / Math.Min(Each, struck.Count) + Array.IndexOf(Strikes, strike)) % struck.Count
                    select new[] { $"{struck[at].Number} {strike}" }),
    };

    private static IEnumerable<string[]> InPart(IEnumerable<string[]> plans)
    {
        var numbers = Part.Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return plans.Index().Where(plan => plan.Index % numbers[1] == numbers[0] - 1).Select(plan => plan.Item);
    }

    private static string Any(Random random) => Strikes[random.Next(Strikes.Length)];

    private static void Record(string what, InjectionResult result, TimeSpan time, string[] plan)
    {
        if (Environment.GetEnvironmentVariable("NGINX_SYNC_FAULTS") is not { Length: > 0 } file || plan is [FaultInjector.Trace]) return;
        lock (Writing)
        {
            File.AppendAllText(file, string.Create(
                CultureInfo.InvariantCulture,
                $"{what}\t{result.Struck.Replace('\n', ';')}\t{result.ExitCode}\t{time.TotalSeconds:0.0}\t{(result.Problems.Count == 0 ? "Passed" : "Failed")}\n"));
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    // The same in every run.
    private static int HashCode(ConfigurationDisk disk, InjectedRun run) => 100 * (int)disk + (int)run;
}
