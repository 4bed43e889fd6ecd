using ConfSync.Events;
using ConfSync.Protocol;

namespace ConfSync.Primary;

/// <summary>A problem on the primary, or with the run as a whole, because of which the run touches no node.</summary>
public class PrimaryException(PrimaryProblem problem) : Exception(problem.ToString())
{
    public PrimaryException(PrimaryStep step, PrimaryFault fault)
        : this(new PrimaryProblem(step, fault))
    {
    }

    public PrimaryProblem Problem => problem;

    /// <summary>Does work on the primary, and turns its failures into <see cref="PrimaryException"/>, so that they are not
    /// taken for failures of a node.</summary>
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

/// <summary>A file of the primary has changed since it was scanned. This is no error: the run can begin again with the
/// files as they are now.</summary>
public sealed class PrimaryMovedException(string path) : PrimaryException(PrimaryStep.ReadContents, new PrimaryFault.Moved(path))
{
    public string Path => path;
}
