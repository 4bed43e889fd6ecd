using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>Each mode answers its own requests and no others.</summary>
internal sealed class GateTests
{
    private static readonly string[] Requests =
    [
        "begin", "scan", "look", "status", "read", "history", "doctor", "certificate", "pid", "roles", "states", "setup", "start", "stage", "test", "activate", "serve", "confirm", "undo", "discard", "place",
        "test-here", "outside", "save", "decide", "decided", "decision", "settled", "run", "abandon", "rm",
    ];

    private static readonly Dictionary<ConversationMode, string[]> Answered = new()
    {
        // Roles are asked for only where their part of the script is sent.
        [ConversationMode.Compare] = ["roles", "begin", "scan", "look", "read"],
        [ConversationMode.Status] = ["begin", "scan", "look", "status"],
        [ConversationMode.History] = ["begin", "scan", "history"],
        [ConversationMode.Doctor] = ["begin", "scan", "status", "doctor", "certificate", "pid"],
        [ConversationMode.Roles] = ["roles", "states", "scan", "read"],
        [ConversationMode.Setup] = ["roles", "states", "scan", "read", "setup", "start"],
        [ConversationMode.Place] = ["roles", "states", "scan", "read", "place"],
        [ConversationMode.Primary] = ["scan", "read", "test-here", "outside", "save", "decide", "decided", "decision", "settled"],
        [ConversationMode.DryRun] = ["roles", "begin", "scan", "read", "history", "stage", "test", "discard"],
        [ConversationMode.Push] = ["roles", "begin", "scan", "read", "history", "stage", "test", "activate", "serve", "confirm", "undo", "discard"],
    };

    [Test]
    public void A_mode_refuses_what_is_not_its_own_and_says_so(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [Values] ConversationMode mode)
    {
        Assert.Multiple(() =>
        {
            foreach (var request in Requests.Except(Answered[mode]))
            {
                Assert.That(
                    RealShell.Ask(shell, mode, $"{request} 1 new", "ping"),
                    Does.Contain("fail protocol ").And.Contain($"does not answer the request {request}\n").And.Not.Contain("ok "));
            }
        });
    }

    [Test]
    public void Each_mode_answers_a_sign_of_life(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [Values] ConversationMode mode) =>
        Assert.That(RealShell.Ask(shell, mode, "ping"), Does.Contain("ok ping"));
}
