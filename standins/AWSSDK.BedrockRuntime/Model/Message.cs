namespace Amazon.BedrockRuntime.Model;

public class Message
{
    public ConversationRole Role { get; set; }

    public List<ContentBlock> Content { get; set; }
}
