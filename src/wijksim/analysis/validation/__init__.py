"""Validation: what the model must get right before anyone looks at policy.

``patterns`` reads tables of facts, ``ensemble`` runs many districts, ``probes`` and ``panel`` say what is kept of them,
``pairs`` runs programmes beside the null, ``statistics`` binds facts to answers by the words that ``wording``
puts in one form, ``areas``, ``change``, ``people`` and ``programmes`` hold the answers, ``score`` judges, and ``shelf``
keeps panels on disk.
"""
