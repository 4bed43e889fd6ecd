using ConfSync.SystemTests.Push;
using FsCheck;
using FsCheck.Fluent;

namespace ConfSync.SystemTests.Faults;

/// <summary>A random program.</summary>
public sealed record RandomProgram(IReadOnlyList<Instruction> Instructions)
{
    private const int Longest = 8;

    public static readonly string[] Words = ["zero", "one", "two", "three", "four", "five"];

    public static readonly string[] PrimaryMarks = ["deciding", "decided", "settling"];

    private static readonly Fault[] Quick =
        [Fault.KillPrimary, Fault.KillSsh, Fault.KillRunner, Fault.KillParent, Fault.KillBoth, Fault.PowerLoss];

    // These wait for a time-out to pass.
    public static readonly Fault[] Slow = [Fault.StopPrimary, Fault.StopSsh, Fault.StopRunner, Fault.StopParent, Fault.LinkDown];

    private static readonly Gen<int> Peer = Gen.Choose(0, 2);

    private static readonly Gen<Instruction> EditOfTree = RandomTree.Edits.Select(Instruction (edits) => new Instruction.Edit(edits));

    private static readonly Gen<Instruction> EditOfAnswer =
        Gen.Elements(Words).Select(Instruction (word) => new Instruction.Answer(word));

    private static readonly Gen<PushOptions> SomeOptions = Gen.Frequency(
        (4, Gen.Constant(new PushOptions())),
        (2, Gen.Constant(new PushOptions(AllAtOnce: true))),
        (3, Gen.Constant(new PushOptions(AllOrNone: true))),
        (2, Peer.Select(peer => new PushOptions(peer))),
        (1, Peer.Select(peer => new PushOptions(peer, AllOrNone: true))),
        (1, Gen.Constant(new PushOptions(DryRun: true))),
        (1, Gen.Constant(new PushOptions(NoReload: true))),
        (1, Gen.Constant(new PushOptions(AllOrNone: true, NoReload: true))));

    private static readonly Gen<Instruction> Push = SomeOptions.Select(Instruction (options) => new Instruction.Pushed(options));

    /// <summary>4 to 8 instructions; the edits belong to what comes after them.</summary>
    /// <param name="slow">Also with faults that take the time of a time-out.</param>
    public static Gen<RandomProgram> Any(bool slow) =>
        from phrases in Phrase(slow).ArrayOf(4)
        select new RandomProgram([.. phrases.SelectMany(phrase => phrase).Take(Longest)]);

    public RandomProgram Without(int index) => new([.. Instructions.Where((_, i) => i != index)]);

    public override string ToString() => string.Join('\n', Instructions.Select((instruction, i) => $"{i + 1}. {instruction}"));

    private static Gen<Instruction[]> Phrase(bool slow) => Gen.Frequency(
        (4, Sequence(EditOfTree, Push)),
        (2, Sequence(EditOfTree, EditOfAnswer, Push)),
        (12, Sequence(EditOfTree, EditOfAnswer, Hurt(slow))),
        (2, Sequence(PoisonOf(Poison.Broken), Push, Good)),
        (2, Sequence(EditOfTree, PoisonOf(Poison.Rejected), Push, Good)),
        (1, Sequence(EditOfAnswer, PoisonOf(Poison.Unservable), Push, Good)),
        (1, Sequence(EditOfTree, PoisonOf(Poison.Rejected), Hurt(slow), Good)),
        (3, Sequence(ByHand)),
        (5, Sequence(Rollback)),
        (1, Sequence(Gen.Constant<Instruction>(new Instruction.Settled()))),
        (2, Sequence(Gen.Constant<Instruction>(new Instruction.Compared()))),
        (1, Sequence(Gen.Constant<Instruction>(new Instruction.Listed()))));

    private static Gen<Instruction> Hurt(bool slow) =>
        from allOrNone in Gen.Elements(true, false)
        from allAtOnce in Gen.Elements(true, false)
        from ofPrimary in Gen.Frequency((1, Gen.Constant(allOrNone)), (3, Gen.Constant(false)))
        from mark in Gen.Elements(ofPrimary ? PrimaryMarks : [.. FaultFixture.Steps, "undoing"])
        from fault in ofPrimary ? Gen.Constant(Fault.KillPrimary) : Gen.Elements(slow ? [.. Quick, .. Quick, .. Slow] : Quick)
        from peer in Peer
        select (Instruction)new Instruction.Hurt(new PushOptions(AllAtOnce: allAtOnce, AllOrNone: allOrNone), mark, peer, fault);

    private static Gen<Instruction> PoisonOf(Poison poison) =>
        Peer.Select(Instruction (peer) => new Instruction.Poisoned(poison, peer));

    private static Gen<Instruction> Good => Gen.Constant<Instruction>(new Instruction.Poisoned(Poison.None, 0));

    private static Gen<Instruction> ByHand =>
        from peer in Peer
        from edits in RandomTree.Edits
        from word in Gen.Elements([.. Words, "", "", ""])
        select (Instruction)new Instruction.ByHand(peer, edits, word);

    private static Gen<Instruction> Rollback =>
        from node in Gen.OneOf(Gen.Constant((int?)null), Peer.Select(peer => (int?)peer))
        from back in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(0, 5).Select(back => (int?)back))
        from force in Gen.Elements(true, false)
        select (Instruction)new Instruction.RolledBack(node, back, force);

    private static Gen<Instruction[]> Sequence(params Gen<Instruction>[] parts) => parts.Aggregate(
        Gen.Constant(Array.Empty<Instruction>()), (all, part) => from before in all from next in part select before.Append(next).ToArray());
}
