using System.Collections.Frozen;

namespace ConfSync.Protocol;

/// <summary>Why a step on a node did not succeed.</summary>
public enum PeerFailure
{
    // The script says these: docs/protocol.md, "Codes of `fail`", tells when, and what each leaves on the peer.
    Version,
    Locked,
    NotRoot,
    Prerequisite,
    Unfinished,

    /// <summary>The script says it of a path; the program, of a mount point inside one.</summary>
    Unsafe,
    Stage,
    Test,

    /// <summary>Another process changed on the node what the push replaces or has just put there.</summary>
    Changed,
    Write,

    /// <summary>The same for a file that went away there after it was seen.</summary>
    Gone,
    Nginx,
    Reload,
    Health,

    /// <summary>The script cannot read the generations, or the program finds no way back over them.</summary>
    History,
    Save,
    Decide,
    Decision,
    Settled,

    /// <summary>The other side, or this one, said what the protocol does not know.</summary>
    Protocol,

    /// <summary>The runner ended before its time.</summary>
    Died,

    /// <summary>The watch ended the runner, because a limit was over that a setting raises.</summary>
    Overdue,

    // The program adds these.

    /// <summary>The session ended before the script spoke; <see cref="PeerException.Transport"/> is why.</summary>
    Connect,

    /// <summary>The session ended after the script had spoken.</summary>
    Lost,

    /// <summary>The program ended the session, because a limit was over that a setting raises.</summary>
    TimedOut,

    /// <summary>NODES names this machine twice, or it is the primary itself.</summary>
    Machine,
    Scan,
    Conflict,

    /// <summary>Another user may write to a directory that the push works in.</summary>
    Foreign,

    /// <summary>A dry run met what an earlier push left.</summary>
    Remains,
    NoView,
    Undo,

    /// <summary>A roll-back would overwrite what was changed on the node since its last generation.</summary>
    Edited,

    /// <summary>The primary's own files changed after they were seen.</summary>
    Moved,
    Interrupted,

    /// <summary>All or none: this node did not fail; it undid the change because others cannot have it.</summary>
    None,

    /// <summary>A mistake in this program.</summary>
    Defect,
}

/// <summary>The words by which the script says why it refuses. The one place that reads them.</summary>
internal static class PeerFailures
{
    // What the C library says of ENOENT, in the locale C: mv and ln give no other sign.
    private const string NoSuchFile = "No such file or directory";

    /// <summary>The script's words.</summary>
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
        ["protocol"] = PeerFailure.Protocol,
        ["died"] = PeerFailure.Died,
        ["overdue"] = PeerFailure.Overdue,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="word">CODE of <c>fail CODE LENGTH</c>.</param>
    /// <param name="text">The text that it frames.</param>
    /// <returns><see cref="PeerFailure.Protocol"/> for a word that the script does not have.</returns>
    public static PeerFailure Parse(string word, string text) => Words.GetValueOrDefault(word, PeerFailure.Protocol) switch
    {
        PeerFailure.Write when text.Contains(NoSuchFile, StringComparison.Ordinal) => PeerFailure.Gone,
        var failure => failure,
    };

    /// <summary>Where a line holds, perhaps behind half of another one, what the runner's parent says after the runner's
    /// end.</summary>
    /// <returns>Null where it does not.</returns>
    public static string? SaidByParent(string line) => ParentsWords
        .Select(word => line.LastIndexOf($"fail {word} ", StringComparison.Ordinal))
        .Where(start => start >= 0).Select(start => line[start..]).FirstOrDefault();

    /// <summary>The runner ended, whatever it was doing: what it left, only the words after the refusal say.</summary>
    public static bool IsOfParent(this PeerFailure failure) => failure is PeerFailure.Died or PeerFailure.Overdue;

    private static IEnumerable<string> ParentsWords => Words.Where(word => word.Value.IsOfParent()).Select(word => word.Key);
}
