using System.Security.Cryptography;
using ConfSync.Transport;

namespace ConfSync.Tests.Transport;

/// <summary>The input of a command until it can be sent.</summary>
public sealed class InputQueueTests
{
    [Test]
    public async Task All_of_it_comes_out_in_order_whatever_the_sizes()
    {
        using var input = new InputQueue();
        var data = RandomNumberGenerator.GetBytes(2_000_000);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < data.Length;)
            {
                var count = Math.Min(RandomNumberGenerator.GetInt32(1, 600_000), data.Length - i);
                await input.WriteAsync(data.AsMemory(i, count));
                i += count;
            }
            await input.DisposeAsync();
        });
        using var taken = new MemoryStream();
        while (!input.IsAtEnd) taken.Write(input.Take(RandomNumberGenerator.GetInt32(1, 50_000)));
        await writing;

        Assert.That(taken.ToArray(), Is.EqualTo(data));
    }

    [Test]
    public async Task A_write_waits_while_the_queue_is_full_and_fails_once_nothing_takes_it()
    {
        using var input = new InputQueue();
        var writing = input.WriteAsync(new byte[1_000_000]).AsTask();

        Assert.That(await Task.WhenAny(writing, Task.Delay(100)), Is.Not.SameAs(writing));
        input.Break();

        Assert.That(async () => await writing.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<IOException>());
        Assert.That(async () => await input.WriteAsync(new byte[1]), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void The_callers_buffer_may_be_used_again()
    {
        using var input = new InputQueue();
        byte[] buffer = [1, 2, 3];
        Assert.That(input.WriteAsync(buffer).AsTask().IsCompletedSuccessfully, Is.True);
        buffer[0] = 9;

        Assert.That(input.Take(10), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }
}
