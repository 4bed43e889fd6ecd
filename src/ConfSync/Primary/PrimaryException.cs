using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Primary;

/// <summary>Something on the primary keeps the run from touching any node.</summary>
/// <param name="step">What was attempted, as in "testing the local nginx configuration".</param>
public class PrimaryException(string step, string words) : Exception(words)
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

/// <summary>A file of the primary is no longer what it was when it was looked at. Nothing is wrong: a run that begins again
/// sees what it is now.</summary>
public sealed class PrimaryMovedException(string words) : PrimaryException("reading the local files", words);
