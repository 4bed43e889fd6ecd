using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ConfSync.SystemTests.Faults;

/// <summary>
/// Random programs of edits, pushes, faults, roll-backs and recoveries on peers that live long: after each instruction each
/// peer holds what a model says that it must. The same few programs every time; others, and also with faults that wait for
/// time-outs, with NGINX_SYNC_PROGRAMS=number. One alone, as a failure names it, with NGINX_SYNC_PROGRAM=seed.
/// </summary>
public sealed class ProgramTests
{
    private const int Few = 20;

    // A program's length and trees do not depend on it.
    private const int Size = 30;

    private static readonly ulong? One = Number("NGINX_SYNC_PROGRAM");

    private static readonly ulong? Many = Number("NGINX_SYNC_PROGRAMS");

    [TestCase(2)]
    [TestCase(3)]
    public async Task Nothing_is_found_by_random_programs(int peers)
    {
        var clock = Stopwatch.StartNew();
        var tally = new ProgramTally();
        var (lab, world) = await ProgramLab.StartAsync(peers);
        await using var disposed = lab;
        var run = new ProgramRun(lab, world, tally);
        foreach (var seed in Seeds(peers))
        {
            var program = Of(seed);
            try
            {
                await run.RunAsync(program);
            }
            catch (ProgramFailureException failure)
            {
                Assert.Fail(
                    $"{(Many is null ? "" : "NGINX_SYNC_PROGRAMS=1 ")}NGINX_SYNC_PROGRAM={seed}, {peers} peers, {failure.Message}\n\nthe program:\n{program}\n\n" +
                    await ShrunkAsync(program, peers));
            }
        }
        await TestContext.Out.WriteLineAsync($"{tally}\n{clock.Elapsed.TotalSeconds:0} s");
    }

    // In a lab of its own: what it takes from the programs before it is not found again.
    private static async Task<string> ShrunkAsync(RandomProgram program, int peers)
    {
        if (await FailureAsync(program, peers) is not { } failure) return "In a fresh lab it passes.";
        for (var i = program.Instructions.Count - 1; i >= 0; i--)
        {
            var shorter = program.Without(i);
            if (await FailureAsync(shorter, peers) is not { } same) continue;
            (program, failure) = (shorter, same);
        }
        return $"as short as it fails in a fresh lab:\n{program}\n{failure}";
    }

    private static async Task<string?> FailureAsync(RandomProgram program, int peers)
    {
        var (lab, world) = await ProgramLab.StartAsync(peers);
        await using var disposed = lab;
        try
        {
            await new ProgramRun(lab, world, new ProgramTally()).RunAsync(program);
            return null;
        }
        catch (ProgramFailureException failure)
        {
            return failure.Message;
        }
    }

    private static IEnumerable<ulong> Seeds(int peers)
    {
        if (One is { } one) return [one];
        var first = Many is null ? 1000 : (ulong)Random.Shared.NextInt64() >> 16;
        var count = (int)(Many ?? Few) / 2;
        return Enumerable.Range(0, count).Select(i => first + (ulong)((i * 2) + peers));
    }

    private static RandomProgram Of(ulong seed) =>
        RandomProgram.Any(slow: Many is not null).Sample(1, new Rnd(seed * 0x9E3779B97F4A7C15, 13), Size).Single();

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
