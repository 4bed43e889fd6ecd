using ConfSync.Peers;
using ConfSync.Snapshots;
using ConfSync.Ssh;

namespace ConfSync.Push;

/// <summary>Something on the primary keeps the run from touching any node.</summary>
/// <param name="step">What was attempted, as in "testing the local nginx configuration".</param>
public sealed class PrimaryException(string step, string words) : Exception(words)
{
    public string Step => step;

    /// <summary>Work on the primary itself, whose failures are told from those of the nodes.</summary>
    internal static async Task<T> AttemptAsync<T>(string step, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is PeerException or TransportException or PostSyncException)
        {
            throw new PrimaryException(step, exception.Message);
        }
    }
}
