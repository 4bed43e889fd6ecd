using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>Runs random programs on a lab, one after the other, and compares it with the model after each
/// instruction.</summary>
/// <param name="start">The way in which all is in the beginning.</param>
internal sealed class ProgramRun(ProgramLab lab, World start, ProgramTally tally)
{
    // An undo on a peer may take STEP_TIMEOUT + 2 RELOAD_TIMEOUT before its watch ends it, and its parent as long again.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    // Longer than the silence after which a peer undoes.
    private static readonly TimeSpan Pause = ProgramLab.ConfirmTimeout + TimeSpan.FromSeconds(3);

    private List<World> worlds = [start];
    private PrimaryState primary = null!;
    private PeerSeen[] seen = [];
    private HashSet<int> unfinished = [];

    private bool IsCertain => worlds.Count == 1 && unfinished.Count == 0 && worlds[0].Decided is null;

    /// <summary>Each instruction, and in the end a push that has to make all equal.</summary>
    /// <exception cref="ProgramFailureException">Something is not as the model says; it tells the instruction.</exception>
    public async Task RunAsync(RandomProgram program)
    {
        tally.Count("programs");
        seen = await lab.LookAsync();
        var number = 0;
        IEnumerable<Instruction> last = [new Instruction.Poisoned(Poison.None, 0), new Instruction.Pushed(new PushOptions())];
        foreach (var instruction in program.Instructions.Concat(last))
        {
            number++;
            var clock = Stopwatch.StartNew();
            try
            {
                await DoAsync(instruction);
                tally.Count($"instruction {instruction.GetType().Name}", clock.Elapsed);
            }
            catch (Exception exception)
            {
                throw new ProgramFailureException($"at {number}. {instruction}:\n{(exception is ProgramFailureException ? exception.Message : exception)}");
            }
        }
        if (!IsCertain) throw new ProgramFailureException("something is left after a push that succeeded");
    }

    private async Task DoAsync(Instruction instruction)
    {
        switch (instruction)
        {
            case Instruction.Edit edit:
                await lab.Primary.ShAsync(RandomTree.ScriptOfEdits(edit.Commands));
                return;
            case Instruction.Answer answer:
                lab.Primary.Write(ProgramSite.File, ProgramSite.Answering(answer.Word));
                return;
            case Instruction.Poisoned poisoned:
                var sick = poisoned.Peer % lab.Peers.Count;
                lab.Poison(poisoned.Poison, sick);
                primary = new PrimaryState(await ProgramLab.TreeAsync(lab.Primary), poisoned.Poison, sick);
                return;
            case Instruction.ByHand byHand:
                await EditByHandAsync(byHand);
                return;
        }
        primary = (primary ?? new PrimaryState(null!, Poison.None, 0)) with { Tree = await ProgramLab.TreeAsync(lab.Primary) };
        await (instruction switch
        {
            Instruction.Pushed pushed => PushAsync(pushed.Options),
            Instruction.Hurt hurt => HurtAsync(hurt),
            Instruction.RolledBack rolledBack => RollBackAsync(rolledBack),
            Instruction.Settled => SettleAsync(),
            Instruction.Compared => CompareAsync(),
            _ => ListAsync(),
        });
    }

    private async Task EditByHandAsync(Instruction.ByHand edit)
    {
        if (!IsCertain) return;
        var number = edit.Peer % lab.Peers.Count;
        await lab.Peers[number].ShAsync(RandomTree.ScriptOfEdits(edit.Commands));
        if (edit.Word.Length > 0) lab.Peers[number].Write(ProgramSite.File, ProgramSite.Answering(edit.Word));
        worlds = [ProgramModel.ByHand(worlds[0], number, await ProgramLab.TreeAsync(lab.Peers[number]))];
        seen = await lab.LookAsync();
    }

    private async Task PushAsync(PushOptions options)
    {
        // What cannot be served is seen at the reload only.
        if (primary.Poison == Poison.Unservable) options = options with { NoReload = false };
        var outcome = await lab.RunAsync(ArgumentsOf(options));
        await JudgePushAsync(options, outcome);
    }

    private async Task JudgePushAsync(PushOptions options, Outcome outcome)
    {
        var (before, wasUnfinished, isDecided) = (seen, unfinished.ToHashSet(), worlds.Any(world => world.Decided is not null));
        await JudgeAsync(
            worlds.SelectMany(world => ProgramModel.Push(world, primary, options)), outcome,
            isFree: options.DryRun && unfinished.Count > 0);
        if (!options.DryRun && !isDecided) EnsureTrue(options, outcome, before, wasUnfinished);
    }

    private async Task HurtAsync(Instruction.Hurt hurt)
    {
        if (lab.IsDecided) await SettleAsync();
        var number = hurt.Peer % lab.Peers.Count;
        var (peer, options) = (lab.Peers[number], hurt.Options);
        var isOfPrimary = RandomProgram.PrimaryMarks.Contains(hurt.Mark);
        // A boot would free the port.
        var fault = hurt.Fault == Fault.PowerLoss && primary.Poison == Poison.Unservable ? Fault.KillBoth : hurt.Fault;
        Node held = isOfPrimary ? lab.Primary : peer;
        var (push, isHeld) = await lab.HeldAtAsync(held, hurt.Mark, ArgumentsOf(options));
        await using var running = push;
        if (!isHeld)
        {
            tally.Count($"fault {fault}: the push did not come to {hurt.Mark}");
            held.Release();
            await JudgePushAsync(options, await push.WaitAsync(Longest));
            return;
        }
        await fault.StrikeAsync(lab.Primary, push, peer);
        if (fault == Fault.PowerLoss) await lab.TakePortAsync(number);
        held.Release();
        if (RandomProgram.Slow.Contains(fault))
        {
            // What is stopped or silent is to be so for longer than the time-out.
            await Task.Delay(Pause);
            await fault.PassAsync(lab.Primary, push, peer);
        }
        var outcome = await push.WaitAsync(Longest);
        await lab.QuietAsync(Longest);
        var (before, wasUnfinished) = (seen, unfinished);
        if (fault is Fault.KillBoth or Fault.PowerLoss) unfinished = [.. unfinished, number];
        var isSeen = fault != Fault.KillPrimary;
        await JudgeAsync(worlds.SelectMany(world => ProgramModel.HurtPush(world, primary, options, isSeen)), outcome);
        if (isSeen) EnsureTrue(options, outcome, before, wasUnfinished);
        tally.Count($"fault {fault} at {hurt.Mark}: ended {(seen[number].Tree.Equals(primary.Tree) ? "new" : "old")}");
    }

    private async Task RollBackAsync(Instruction.RolledBack rollback)
    {
        var selected = ProgramModel.Selected(worlds[0], rollback.Node);
        int? to = rollback.Back is { } back ? Math.Max(0, worlds[0].Peers[selected[0]].Last - back) : null;
        List<string> arguments = ["rollback", .. selected.Select(number => lab.Peers[number].Address)];
        if (to is not null) arguments.AddRange(["--to", to.Value.ToString(CultureInfo.InvariantCulture)]);
        if (rollback.Force) arguments.Add("--force");
        await JudgeAsync(
            worlds.SelectMany(world => ProgramModel.Rollback(world, selected, to, rollback.Force)), await lab.RunAsync([.. arguments]));
    }

    private async Task SettleAsync() =>
        await JudgeAsync(worlds.Select(ProgramModel.Settle), await lab.RunAsync("settle"));

    private async Task CompareAsync() => await JudgeAsync(
        worlds.Select(world => ProgramModel.Compare(world, primary)), await lab.RunAsync("-C"), isFree: unfinished.Count > 0);

    private async Task ListAsync()
    {
        var outcome = await lab.RunAsync("history");
        await JudgeAsync(worlds.Select(world => new Possibility(world, 0)), outcome);
        var listed = outcome.Out.Split(" * Generations on ").Skip(1).Select(
            part => Regex.Matches(part, @"^ +(\d+)  \w", RegexOptions.Multiline).Select(match => int.Parse(match.Groups[1].Value)).Reverse());
        foreach (var (numbers, peer) in listed.Zip(seen))
        {
            if (!numbers.SequenceEqual(peer.Generations)) throw new ProgramFailureException($"it keeps {peer}\n{outcome}");
        }
    }

    /// <summary>Goes on with what is possible and is seen.</summary>
    /// <param name="isFree">The exit status may be any.</param>
    private async Task JudgeAsync(IEnumerable<Possibility> possibilities, Outcome outcome, bool isFree = false)
    {
        seen = await lab.LookAsync();
        for (var i = 0; i < seen.Length; i++)
        {
            if (seen[i].Left.Length == 0) unfinished.Remove(i);
            else if (!unfinished.Contains(i)) throw new ProgramFailureException($"left on peer {i}:\n{seen[i].Left}\n{outcome}");
            if (!unfinished.Contains(i) && !seen[i].IsGood) throw new ProgramFailureException($"nginx -t fails on peer {i}\n{outcome}");
        }
        var all = possibilities.ToList();
        var isDecided = lab.IsDecided;
        worlds = all
            .Where(possible => (isFree || possible.ExitCode is null || possible.ExitCode == outcome.ExitCode) &&
                possible.World.Decided is not null == isDecided &&
                seen.Index().All(peer => unfinished.Contains(peer.Index) || peer.Item.Shows(possible.World.Peers[peer.Index])))
            .Select(possible => possible.World).Distinct().ToList();
        if (worlds.Count > 0) return;
        throw new ProgramFailureException(
            $"{(isDecided ? "a decision is recorded" : "no decision is recorded")}\n" +
            string.Concat(seen.Index().Select(peer => $"peer {peer.Index} {peer.Item}\n")) +
            string.Concat(all.Take(8).Select(Differences)) + outcome);
    }

    private string Differences(Possibility possible) =>
        $"possible: exit status {possible.ExitCode}, {(possible.World.Decided is null ? "undecided" : "decided")}\n" +
        string.Concat(seen.Index().Select(peer =>
            $"  peer {peer.Index} {possible.World.Peers[peer.Index]}; held | possible:\n" +
            $"{peer.Item.Tree.Difference(possible.World.Peers[peer.Index].Tree)}\n"));

    /// <summary>What the report says of each node is what is seen there.</summary>
    private void EnsureTrue(PushOptions options, Outcome outcome, PeerSeen[] before, HashSet<int> wasUnfinished)
    {
        if (outcome.ExitCode is not (0 or 2)) return;
        var last = (outcome.ExitCode == 0 ? outcome.Out : outcome.Err).TrimEnd('\n').Split('\n')[^1];
        if (!Regex.IsMatch(last, options.DryRun ? "^Dry run: .* Nothing was changed\\.$" : @"^(Pushed to|Finished on) \d+ of \d+ nodes?: .*\.|^nginx-sync: nothing else was done: "))
        {
            throw new ProgramFailureException($"no verdict at the end\n{outcome}");
        }
        foreach (var number in ProgramModel.Selected(worlds[0], options.Node))
        {
            var address = Regex.Escape(lab.Peers[number].Address);
            var failed = Regex.Match(outcome.Err, $@"{address}: .+ failed; (.+) \(NS-[0-9]{{4}}\):\n").Groups[1].Value;
            var isLeft = Regex.IsMatch(outcome.Out, $@" \* (Left|Undid the update on) {address}[ ,]");
            var isDone = Regex.IsMatch(outcome.Out, $@" \* (Updating configuration on {address}\n|Configuration on {address} is up to date)");
            if (new[] { failed.Length > 0, isLeft, isDone }.Count(said => said) != 1)
            {
                throw new ProgramFailureException($"not one thing is said of peer {number}\n{outcome}");
            }
            var saysOld = isLeft || failed.StartsWith("nothing was changed", StringComparison.Ordinal) ||
                failed.StartsWith("the old configuration is back", StringComparison.Ordinal);
            var saysNew = isDone || failed.StartsWith("the new configuration is in place", StringComparison.Ordinal);
            if ((saysNew && !seen[number].Tree.Equals(primary.Tree)) ||
                (saysOld && !wasUnfinished.Contains(number) && !seen[number].Tree.Equals(before[number].Tree)))
            {
                throw new ProgramFailureException($"what is said of peer {number} is untrue\n{outcome}");
            }
        }
    }

    private string[] ArgumentsOf(PushOptions options) =>
    [
        .. options.AllAtOnce ? ["--serial", "all"] : Array.Empty<string>(),
        .. options.Node is { } node ? ["--node", lab.Peers[node % lab.Peers.Count].Address] : Array.Empty<string>(),
        .. options.AllOrNone ? ["--all-or-none"] : Array.Empty<string>(),
        .. options.DryRun ? ["--dry-run"] : Array.Empty<string>(),
        .. options.NoReload ? ["--no-reload"] : Array.Empty<string>(),
    ];
}
