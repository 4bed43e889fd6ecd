using System.Collections.Frozen;

namespace ConfSync.Protocol;

/// <summary>Why a step on a node failed.</summary>
public enum PeerFailure
{
    // The script says these codes. docs/protocol.md, "Codes of `fail`", says when, and what each leaves on the peer.
    Version,
    Locked,
    NotRoot,
    Prerequisite,
    Unfinished,

    /// <summary>The script refuses a path, or this program refuses a mount point inside one.</summary>
    Unsafe,
    Stage,
    Test,

    /// <summary>Another process changed on the node what the push replaces, or what it has just activated.</summary>
    Changed,
    Write,

    /// <summary>A <see cref="Write"/> failed because a file disappeared after its scan.</summary>
    Gone,
    Nginx,
    Reload,
    Health,

    /// <summary>The script cannot read the generations, or this program can make no RollbackPlan from them.</summary>
    History,
    Save,
    Decide,
    Decision,
    Settled,

    /// <summary>The record of runs on the primary could not be written or read.</summary>
    Record,

    /// <summary>The script or this program received something that is not in the protocol.</summary>
    Protocol,

    /// <summary>The runner ended before its work was done.</summary>
    Died,

    /// <summary>The watch killed the runner because a limit was over. A setting can raise it.</summary>
    Overdue,

    // This program adds these.

    /// <summary>The session ended before the script's greeting. <see cref="PeerException.Transport"/> says why.</summary>
    Connect,

    /// <summary>The session ended after the script's greeting.</summary>
    Lost,

    /// <summary>This program ended the session because a limit was over. A setting can raise it.</summary>
    TimedOut,

    /// <summary>NODES names this machine twice, or the machine is the primary itself.</summary>
    Machine,
    Scan,
    Conflict,

    /// <summary>Another user may write to a directory that the push works in.</summary>
    Foreign,

    /// <summary>A dry run found the remains of an earlier push.</summary>
    Remains,
    NoView,
    Undo,

    /// <summary>A roll-back would overwrite what was changed on the node since its last generation; or a push would, and
    /// OVERWRITE forbids it.</summary>
    Edited,

    /// <summary>A push would overwrite a state that another primary has pushed and this one has never had.</summary>
    NeverHad,

    /// <summary>The primary's own files changed after their scan.</summary>
    Moved,
    Interrupted,

    /// <summary>In a push to all nodes or none, this node undid the change because another node failed.</summary>
    None,

    /// <summary>A defect of this program.</summary>
    Defect,
}

/// <summary>The codes by which the script says why it refuses. No other code reads them.</summary>
internal static class PeerFailures
{
    // The text of the C library for ENOENT in the locale C. mv and ln give no other sign.
    private const string NoSuchFile = "No such file or directory";

    /// <summary>The codes of the script.</summary>
    public static FrozenDictionary<string, PeerFailure> Words { get; } = new Dictionary<string, PeerFailure>
    {
        ["version"] = PeerFailure.Version,
        ["locked"] = PeerFailure.Locked,
        ["not-root"] = PeerFailure.NotRoot,
        ["prerequisite"] = PeerFailure.Prerequisite,
        ["unfinished"] = PeerFailure.Unfinished,
        ["unsafe"] = PeerFailure.Unsafe,
        ["stage"] = PeerFailure.Stage,
        ["test"] = PeerFailure.Test,
        ["changed"] = PeerFailure.Changed,
        ["write"] = PeerFailure.Write,
        ["nginx"] = PeerFailure.Nginx,
        ["reload"] = PeerFailure.Reload,
        ["health"] = PeerFailure.Health,
        ["history"] = PeerFailure.History,
        ["save"] = PeerFailure.Save,
        ["decide"] = PeerFailure.Decide,
        ["decision"] = PeerFailure.Decision,
        ["settled"] = PeerFailure.Settled,
        ["record"] = PeerFailure.Record,
        ["protocol"] = PeerFailure.Protocol,
        ["died"] = PeerFailure.Died,
        ["overdue"] = PeerFailure.Overdue,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="word">The CODE of <c>fail CODE LENGTH</c>.</param>
    /// <param name="text">The text that follows.</param>
    /// <returns>The failure; <see cref="PeerFailure.Protocol"/> for an unknown code.</returns>
    public static PeerFailure Parse(string word, string text) => Words.GetValueOrDefault(word, PeerFailure.Protocol) switch
    {
        PeerFailure.Write when text.Contains(NoSuchFile, StringComparison.Ordinal) => PeerFailure.Gone,
        var failure => failure,
    };

    /// <summary>Finds in a line what the runner's parent says after the runner's end. Half of another line may be before
    /// it.</summary>
    /// <returns>The parent's words; null for none.</returns>
    public static string? SaidByParent(string line) => ParentsWords
        .Select(word => line.LastIndexOf($"fail {word} ", StringComparison.Ordinal))
        .Where(start => start >= 0).Select(start => line[start..]).FirstOrDefault();

    /// <summary>Whether the parent says this after the runner's end. Only the answers after it then say what state the peer
    /// is in.</summary>
    public static bool IsOfParent(this PeerFailure failure) => failure is PeerFailure.Died or PeerFailure.Overdue;

    private static IEnumerable<string> ParentsWords => Words.Where(word => word.Value.IsOfParent()).Select(word => word.Key);
}
