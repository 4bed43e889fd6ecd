using ConfSync.Events;
using ConfSync.Runs;
using static ConfSync.Tests.Runs.PushScene;

namespace ConfSync.Tests.Runs;

/// <summary>Nodes whose sessions were lost after their activation, and that are logged in to again.</summary>
public sealed class InDoubtResolutionTests
{
    [Test]
    public async Task Many_nodes_in_doubt_are_not_logged_in_to_all_at_once()
    {
        using var logins = new Logins(32);
        var (sync, inFlight, most) = (new Lock(), 0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
        {
            var sessions = 0;
            var peer = new ScriptedPeer(Answers.Holding(Before).With("confirm", Answers.Lost), Answers.Holding(After))
            {
                Connecting = () => ++sessions == 1 ? Task.CompletedTask : LogInAgainAsync(),
            };
            return new PushScene { Logins = logins, Request = Patient }.RunAsync(peer);
        })).ToList();

        var reports = await Task.WhenAll(runs);

        Assert.That(reports, Has.All.InstanceOf<NodeReport.Updated>());
        Assert.That(most, Is.EqualTo(Logins.OfOneServer));

        async Task LogInAgainAsync()
        {
            lock (sync)
            {
                most = Math.Max(most, ++inFlight);
                if (inFlight >= Logins.OfOneServer) full.TrySetResult();
            }
            await full.Task.WaitAsync(TimeSpan.FromSeconds(20));
            // So long that the others would come, too, if they were let.
            await Task.Delay(100);
            lock (sync) inFlight--;
        }
    }

    // Nothing is to be given up here, however slow the machine.
    private static PushRequest Patient
    {
        get
        {
            var request = new PushScene().Request;
            var minute = TimeSpan.FromMinutes(1);
            return request with { Config = request.Config with { ConfirmTimeout = minute, ConnectTimeout = minute } };
        }
    }
}
