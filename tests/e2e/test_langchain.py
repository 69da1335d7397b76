"""The retriever and the chain inside somebody else's LangChain program."""

from __future__ import annotations

from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from bot.langchain import NoticeRetriever, answer_chain
from bot.records import Answer
from vectorstore.store import Store

QUESTION = "临湘市污水管网已经建了多少公里"


def test_the_retriever_is_a_langchain_retriever(seed_store: Store) -> None:
    """It gives documents whose metadata point at the very characters of the notice."""
    retriever = NoticeRetriever(store=seed_store, k=4)
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke(QUESTION)
    assert [set(d.metadata) for d in documents] == [{"notice_id", "file", "start", "end", "score"}] * 4
    texts = [seed_store.catalogue.text(d.metadata["notice_id"]) for d in documents]
    assert [t[d.metadata["start"] : d.metadata["end"]] for t, d in zip(texts, documents, strict=True)] == [
        d.page_content for d in documents
    ]


def test_the_retriever_feeds_a_prompt(seed_store: Store) -> None:
    """It stands in an LCEL chain between a question and a prompt, as any retriever does."""

    def joined(documents: list[Document]) -> str:
        return "\n".join(d.page_content for d in documents)

    prompt = ChatPromptTemplate.from_template("资料：{context}\n问题：{question}")
    echo = RunnableLambda(lambda value: value.to_messages()[0].content)
    chain = (
        {"context": NoticeRetriever(store=seed_store, k=3) | joined, "question": RunnablePassthrough()}
        | prompt
        | echo
        | StrOutputParser()
    )
    said = chain.invoke(QUESTION)
    assert said.endswith(f"问题：{QUESTION}")
    assert "25公里" in said


def test_the_chain_answers(seed_store: Store) -> None:
    """A string or a mapping with history goes in, an ``Answer`` comes out, alone and in a batch."""
    chain = answer_chain(seed_store)
    assert isinstance(chain, Runnable)
    answer = chain.invoke(QUESTION)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.short_answer) == ("answered", "25公里")
    asked = {"question": QUESTION, "history": [{"question": "你好", "answer": "您好"}], "notices": []}
    batch = chain.batch([asked, "安吉县污水管网建了多少公里"])
    assert [(a.status, a.short_answer) for a in batch] == [("answered", "25公里"), ("refused", None)]


def test_the_chain_composes(seed_store: Store) -> None:
    """Its answer flows on into the next step."""
    chain = answer_chain(seed_store) | RunnableLambda(lambda answer: answer.citations[0].quote)
    assert "25公里" in chain.invoke(QUESTION)
