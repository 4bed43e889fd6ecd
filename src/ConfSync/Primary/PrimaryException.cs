using ConfSync.Events;
using ConfSync.Protocol;

namespace ConfSync.Primary;

/// <summary>Something on the primary, or with the run as a whole, keeps the run from touching any node.</summary>
public class PrimaryException(PrimaryProblem problem) : Exception(problem.ToString())
{
    public PrimaryException(PrimaryStep step, PrimaryFault fault)
        : this(new PrimaryProblem(step, fault))
    {
    }

    public PrimaryProblem Problem => problem;

    /// <summary>Work on the primary itself, whose failures are told from those of the nodes.</summary>
    /// <param name="place">See <see cref="PrimaryProblem.Place"/>.</param>
    internal static async Task<T> AttemptAsync<T>(PrimaryStep step, Func<Task<T>> work, string? place = null)
    {
        try
        {
            return await work();
        }
        catch (RefusedException exception)
        {
            throw new PrimaryException(new PrimaryProblem(step, new PrimaryFault.Refused(exception.Refusal)) { Place = place });
        }
        catch (Exception exception) when (exception is PeerException or PostSyncException)
        {
            throw new PrimaryException(new PrimaryProblem(step, new PrimaryFault.Said(exception.Message)) { Place = place });
        }
    }
}

/// <summary>A file of the primary is no longer what it was when it was looked at. Nothing is wrong: a run that begins again
/// sees what it is now.</summary>
public sealed class PrimaryMovedException(string path) : PrimaryException(PrimaryStep.ReadContents, new PrimaryFault.Moved(path))
{
    public string Path => path;
}
